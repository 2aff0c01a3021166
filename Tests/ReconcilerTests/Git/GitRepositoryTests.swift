import Foundation
import Spec
import TestKit
import Testing

@testable import Reconciler

struct GitRepositoryTests {
    let repository: TestRepository
    let main: BranchName

    init() throws {
        repository = try TestRepository()
        main = try #require(BranchName("main"))
    }

    @Test func `reads YAML files outside hidden folders, straight from the tip`() throws {
        let id = try repository.commit([
            "charter.yaml": "a: 1\n", "orgs/acme/key.yml": "b: 2\n", "README.md": "# no\n",
            ".github/workflow.yaml": "hidden\n", "orgs/.old/key.yaml": "hidden\n", ".hidden.yaml": "hidden\n",
        ])
        try repository.write("not committed", to: "orgs/acme/other.yaml")
        let opened = try GitRepository(at: repository.path)
        let tip = try opened.tip(of: main)
        let reading = try opened.files(of: tip)
        #expect(tip.id.hex == id)
        #expect(tip.author == "Ada Park <ada@example.com>")
        #expect(tip.summary == "Change")
        #expect(reading.files.map(\.path) == ["charter.yaml", "orgs/acme/key.yml"])
        #expect(reading.files.map { String(decoding: $0.bytes, as: UTF8.self) } == ["a: 1\n", "b: 2\n"])
        #expect(reading.refusals == [])
    }

    @Test func `reads an ordinary repository with a work tree of its own`() throws {
        try repository.commit(["a.yaml": "a: 1\n"])
        let clone = repository.root.appending(path: "clone").path
        try repository.shell("git clone -q '\(repository.path)' '\(clone)'")
        let opened = try GitRepository(at: clone)
        #expect(try opened.files(of: opened.tip(of: main)).files.map(\.path) == ["a.yaml"])
    }

    @Test func `refuses symbolic links and submodules with their paths`() throws {
        try repository.commit(["real.yaml": "a: 1\n"])
        let work = repository.workTree
        try FileManager.default.createDirectory(at: work.appending(path: "orgs"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: work.appending(path: "link.yaml").path, withDestinationPath: "/etc/passwd")
        try FileManager.default.createSymbolicLink(
            atPath: work.appending(path: "orgs/evil").path, withDestinationPath: "../..")
        try FileManager.default.createSymbolicLink(
            atPath: work.appending(path: "LICENSE").path, withDestinationPath: "x")
        try repository.git("add", "-A")
        try repository.git("update-index", "--add", "--cacheinfo", "160000,\(String(repeating: "1", count: 40)),vendor")
        try repository.git("commit", "-q", "-m", "Links")
        let opened = try GitRepository(at: repository.path)
        let reading = try opened.files(of: opened.tip(of: main))
        #expect(reading.refusals.map(\.path).sorted() == ["link.yaml", "orgs/evil", "vendor"])
        #expect(reading.files.map(\.path) == ["real.yaml"])
    }

    @Test func `refuses a file name that is not UTF-8`() throws {
        let blob = try repository.git("hash-object", "-w", "/dev/null")
        let list = repository.root.appending(path: "list")
        try Data("100644 blob \(blob)\tbad".utf8 + [0xff] + ".yaml\0".utf8).write(to: list)
        try repository.shell(
            "git --git-dir '\(repository.path)' mktree -z < '\(list.path)' > '\(repository.root.path)/tree'")
        let tree = try String(contentsOf: repository.root.appending(path: "tree"), encoding: .utf8).trimmingCharacters(
            in: .newlines)
        let commit = try repository.git("commit-tree", tree, "-m", "Odd name")
        try repository.git("update-ref", "refs/heads/main", commit)
        let opened = try GitRepository(at: repository.path)
        let reading = try opened.files(of: opened.tip(of: main))
        #expect(reading.refusals.map(\.message) == ["not read: its name is not UTF-8"])
    }

    @Test func `refuses a file above the size limit before unpacking it, and a tree above the count`() throws {
        try repository.commit(["big.yaml": String(repeating: "a", count: 5000), "small.yaml": "a: 1\n"])
        let opened = try GitRepository(at: repository.path)
        let tip = try opened.tip(of: main)
        var limits = GitLimits()
        limits.reading.fileBytesMax = 4096
        let reading = try opened.files(of: tip, limits: limits)
        #expect(reading.files.map(\.path) == ["small.yaml"])
        #expect(reading.refusals.map(\.path) == ["big.yaml"])
        limits.entriesMax = 1
        #expect(throws: GitError.self) { try opened.files(of: tip, limits: limits) }
        limits = GitLimits()
        limits.reading.bytesMax = 5000
        #expect(throws: GitError.self) { try opened.files(of: tip, limits: limits) }
        limits = GitLimits()
        limits.reading.filesMax = 1
        let error = #expect(throws: GitError.self) { try opened.files(of: tip, limits: limits) }
        #expect(error?.message.contains("more than 1 YAML files, as many as --max-files allows") == true)
    }

    @Test func `names the commit on the first-parent line that changed each file last`() throws {
        let first = try repository.commit(["a.yaml": "1\n", "dir/b.yaml": "1\n", "c.yaml": "1\n"], author: "One <1@x>")
        let second = try repository.commit(["dir/b.yaml": "2\n"], author: "Two <2@x>")
        try repository.commit(["README": "x"], author: "Three <3@x>")
        let fourth = try repository.commit(["c.yaml": nil], author: "Four <4@x>")
        let opened = try GitRepository(at: repository.path)
        let tip = try opened.tip(of: main)
        let all = try opened.lastChanges(of: ["a.yaml", "dir/b.yaml", "c.yaml"], from: tip, downTo: nil)
        #expect(all.lastChange.mapValues(\.id.hex) == ["a.yaml": first, "dir/b.yaml": second, "c.yaml": fourth])
        #expect(all.lastChange["dir/b.yaml"]?.author == "Two <2@x>")
        let since = try opened.lastChanges(of: ["dir/b.yaml"], from: tip, downTo: ObjectID(hex: first))
        #expect(since.metBase)
        #expect(since.lastChange["dir/b.yaml"]?.id.hex == second)
    }

    @Test func `gives a merge's changes to the merge`() throws {
        try repository.commit(["a.yaml": "1\n"])
        try repository.git("checkout", "-q", "-b", "side")
        try repository.commit(["a.yaml": "2\n"], author: "Side <s@x>")
        try repository.git("checkout", "-q", "main")
        try repository.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
        let merge = try repository.git("rev-parse", "main")
        let opened = try GitRepository(at: repository.path)
        let walk = try opened.lastChanges(of: ["a.yaml"], from: opened.tip(of: main), downTo: nil)
        #expect(walk.lastChange["a.yaml"]?.id.hex == merge)
    }

    @Test func `sees that a branch was rewritten`() throws {
        let old = try repository.commit(["a.yaml": "1\n"])
        try repository.git("commit", "-q", "--amend", "-m", "Rewritten")
        let opened = try GitRepository(at: repository.path)
        let walk = try opened.lastChanges(of: ["a.yaml"], from: opened.tip(of: main), downTo: ObjectID(hex: old))
        #expect(!walk.metBase)
    }

    @Test func `names a missing repository and a missing branch`() throws {
        #expect(throws: GitError.self) { try GitRepository(at: "/nonexistent") }
        let opened = try GitRepository(at: repository.path)
        let error = #expect(throws: GitError.self) { try opened.tip(of: main) }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: ["", "-x", "a..b", "a//b", "/a", "a/", ".a", "a.lock", "a b", "a~1", "a:b", "refs/heads/é"])
    func `refuses a branch name that could mean something else`(name: String) {
        #expect(BranchName(name) == nil)
    }
}
