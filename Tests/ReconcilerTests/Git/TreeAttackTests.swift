import Foundation
import Spec
import TestKit
import Testing

@testable import Reconciler

/// Trees that were made to do harm; each attack by its name.
struct TreeAttackTests {
    let forge: TreeForge

    init() throws { forge = try TreeForge() }

    /// A tree with one sound file beside what is given.
    private func commit(_ entries: TreeForge.Entry...) throws {
        let sound = TreeForge.Entry("100644", "sound.yaml", try forge.blob())
        try forge.commit(forge.tree((entries + [sound]).sorted { $0.name.lexicographicallyPrecedes($1.name) }))
    }

    private func folder(_ file: String = "a.yaml") throws -> String { try forge.tree([.init("100644", file, forge.blob())]) }

    @Test(arguments: [
        ".git", ".GIT", ".Git", ".g\u{200c}it", ".git\u{feff}", "git~1", "GIT~1", ".git.", ".git ", ".git . .", ".git::$INDEX_ALLOCATION",
        "git~1:a", "..", ".",
    ]) func `a folder that is or passes for Git's own is refused with its path`(name: String) throws {
        try commit(.init("40000", name, folder("foobar.yaml")))
        let reading = try forge.read()
        #expect(reading.refusals.map(\.path) == [name])
        #expect(reading.refusals.first?.isError == true)
        #expect(reading.files.map(\.path) == ["sound.yaml"])
    }

    @Test(arguments: [".github", ".gitignore", ".gitmodules", ".gitattributes", "git", "git~2", "gitter"])
    func `names that only resemble it are not refused`(name: String) throws {
        try commit(.init("40000", name, folder()))
        #expect(try forge.read().refusals == [])
    }

    @Test(arguments: ["a\\..\\b.yaml", "x..\\..\\etc.yaml", "C:\\x.yaml"]) func `backslash names are refused`(name: String) throws {
        try commit(.init("100644", name, forge.blob()), .init("40000", "f\\g", folder()))
        let reading = try forge.read()
        #expect(Set(reading.refusals.map(\.path)) == [name, "f\\g"])
        #expect(reading.files.map(\.path) == ["sound.yaml"])
    }

    @Test(arguments: ["../up.yaml", "/etc/passwd.yaml", "a/b.yaml"]) func `a name with a slash is refused, which no Git gives`(name: String) throws {
        try commit(.init("100644", name, forge.blob()))
        let reading = try forge.read()
        #expect(reading.files.map(\.path) == ["sound.yaml"])
        #expect(reading.refusals.map(\.path) == [name])
    }

    @Test(arguments: ["/etc/passwd", "/proc/self/environ", "loop.yaml", "../../../etc/shadow"])
    func `a symbolic link is refused and what it leads to never read`(target: String) throws {
        try commit(.init("120000", "loop.yaml", forge.blob(target)), .init("120000", "orgs", forge.blob(target)))
        let reading = try forge.read()
        #expect(Set(reading.refusals.map(\.path)) == ["loop.yaml", "orgs"])
        #expect(reading.files.map(\.path) == ["sound.yaml"])
    }

    @Test(arguments: [("120000", "a symbolic link"), ("40755", "mode"), ("0", "mode")])
    func `what stands where a folder was is refused, since all in it would be gone`(mode: String, reason: String) throws {
        let content = mode == "120000" ? try forge.blob("elsewhere") : try folder("foobar.yaml")
        try commit(.init(mode, "catalog", content), .init("120000", "README.md", forge.blob("docs/README.md")))
        let reading = try forge.read()
        #expect(reading.refusals.map(\.path) == ["catalog"])
        #expect(reading.refusals.first?.message.contains(reason) == true, "\(reading.refusals)")
    }

    @Test func `a gitlink is refused, and an evil .gitmodules is nothing but a file`() throws {
        let evil = "[submodule \"../../hooks\"]\n\tpath = hooks\n\turl = ext::sh -c 'touch /tmp/charter-was-here'\n\tupdate = !touch /tmp/charter-was-here\n"
        try commit(
            .init("100644", ".gitmodules", forge.blob(evil)), .init("100644", ".gitattributes", forge.blob("*.yaml filter=evil\n")),
            .init("160000", "vendor", String(repeating: "1", count: 40)))
        let reading = try forge.read()
        #expect(reading.refusals.map(\.path) == ["vendor"])
        #expect(reading.files.map { String(decoding: $0.bytes, as: UTF8.self) } == ["a: 1\n"])
        #expect(access("/tmp/charter-was-here", F_OK) != 0)
    }

    @Test func `the exec bit is no matter, and modes that Git does not write are refused`() throws {
        try commit(
            .init("100755", "exec.yaml", forge.blob()), .init("100777", "odd.yaml", forge.blob()), .init("0", "zero.yaml", forge.blob()))
        let reading = try forge.read()
        #expect(Set(reading.refusals.map(\.path)) == ["odd.yaml", "zero.yaml"])
        #expect(reading.files.map(\.path) == ["exec.yaml", "sound.yaml"])
    }

    @Test(arguments: [
        ("Key.yaml", "key.yaml"), ("k\u{e9}y.yaml", "ke\u{301}y.yaml"), ("KEY.yaml", "Key.yaml"), ("stra\u{df}e.yaml", "STRA\u{df}E.yaml"),
    ]) func `case collisions and NFD collisions are refused`(one: String, other: String) throws {
        try commit(.init("100644", one, forge.blob()), .init("100644", other, forge.blob("a: 2\n")))
        let reading = try forge.read()
        #expect(reading.refusals.count == 1)
        #expect(reading.refusals.first?.message.contains("which differs by case or by how letters are composed") == true)
    }

    @Test(arguments: ["\u{430}cme.yaml", "op\u{435}nai.yaml", "a\u{2215}b.yaml", "orgs\u{2024}yaml.yaml", "\u{ff41}cme.yaml", "k\u{3bf}y-2.yaml"])
    func `a name that mixes scripts to pass for another is refused`(name: String) throws {
        try commit(.init("100644", name, forge.blob()), .init("40000", String(name.dropLast(5)), folder()))
        let refusals = try forge.read().refusals
        #expect(refusals.map(\.path) == [String(name.dropLast(5)), name])
        #expect(refusals.allSatisfy { $0.isError && $0.message.contains(" looks like `") }, "\(refusals)")
    }

    @Test func `a name whose letters are all of another script is refused beside the one that it passes for`() throws {
        // Both are read as `cop`, one in Cyrillic letters.
        let cyrillic = "\u{441}\u{43e}\u{440}"
        try commit(.init("40000", "cop", folder()), .init("40000", cyrillic, folder()))
        let refusals = try forge.read().refusals
        #expect(refusals.map(\.path) == [cyrillic] && refusals.first?.message.contains("read as `cop`") == true, "\(refusals)")
    }

    @Test(arguments: [
        "\u{43e}\u{43f}\u{43b}\u{430}\u{442}\u{430}.yaml", "\u{441}\u{43e}\u{440}.yaml", "\u{43f}\u{43b}\u{430}\u{43d}-eu.yaml", "sm\u{f8}r.yaml", "caf\u{e9}.yaml",
        "\u{4f1a}\u{793e}-acme.yaml", "plan\u{2013}2026.yaml",
    ]) func `a name in any one script is read`(name: String) throws {
        try commit(.init("100644", name, forge.blob()))
        let reading = try forge.read()
        #expect(reading.refusals == [] && Set(reading.files.map(\.path)) == [name, "sound.yaml"])
    }

    @Test func `a collision is found where the commit before had one of the two`() throws {
        let upper = TreeForge.Entry("100644", "Key.yaml", try forge.blob())
        let before = try forge.tree([upper])
        let after = try forge.tree([upper, .init("100644", "key.yaml", forge.blob("a: 2\n"))])
        try forge.commit(after)
        let opened = try GitRepository(at: forge.repository.path)
        let reading = try opened.files(ofTree: #require(ObjectID(hex: after)), since: ObjectID(hex: before))
        #expect(reading.refusals.map(\.path) == ["Key.yaml"])
    }

    @Test func `a folder and a file that collide by case are refused, and large letters alone are not`() throws {
        try commit(.init("40000", "Orgs", folder()), .init("40000", "orgs", folder()), .init("100644", "Fine.yaml", forge.blob()))
        #expect(try forge.read().refusals.map(\.path) == ["Orgs"])
    }

    @Test func `the same collision on a disk is refused too`() throws {
        let folder = try TemporaryDirectory()
        for name in ["Key.yaml", "key.yaml", "git~1/a.yaml", "b\\c.yaml"] { try folder.write("a: 1\n", to: name) }
        let reader = try FolderReader(folder.path, limits: GitLimits())
        #expect(Set(reader.refusals.map(\.path)) == ["Key.yaml", "git~1", "b\\c.yaml"])
    }

    @Test(arguments: [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0xaf]] as [[UInt8]]) func `bad UTF-8 in a name is refused`(bytes: [UInt8]) throws {
        try commit(.init("100644", Array("bad".utf8) + bytes + Array(".yaml".utf8), forge.blob()))
        let reading = try forge.read()
        #expect(reading.refusals.map(\.message) == ["not read: its name is not UTF-8"])
        #expect(reading.files.map(\.path) == ["sound.yaml"])
    }

    @Test(arguments: ["new\nline.yaml", "tab\t.yaml", "rtl\u{202e}lmay.yaml", "zero\u{200b}width.yaml", "bell\u{7}.yaml", "esc\u{1b}[31m.yaml", "del\u{7f}.yaml"])
    func `newline and RTL names are refused, and never printed as they are`(name: String) throws {
        try commit(.init("100644", name, forge.blob()))
        let reading = try forge.read()
        #expect(reading.refusals.map(\.path) == [name])
        #expect(reading.files.map(\.path) == ["sound.yaml"])
    }

    @Test func `the same name twice in a tree is refused`() throws {
        try forge.commit(forge.tree([.init("100644", "a.yaml", forge.blob()), .init("100644", "a.yaml", forge.blob("a: 2\n"))]))
        #expect(try forge.read().refusals.map(\.path) == ["a.yaml"])
    }

    @Test func `the same name twice is refused wherever the other one stands`() throws {
        let (one, two) = (try forge.blob(), try forge.blob("a: 2\n"))
        try forge.commit(forge.tree([.init("100644", "a.yaml", one), .init("100644", "b.yaml", one), .init("100644", "a.yaml", two)]))
        #expect(try forge.read().refusals.map(\.path) == ["a.yaml"])
        // In Git's own order others lie between a file and the folder of its name.
        try forge.commit(forge.tree([.init("100644", "a.yaml", one), .init("100644", "a.yaml-x", one), .init("40000", "a.yaml", folder())]))
        #expect(try forge.read().refusals.map(\.path) == ["a.yaml"])
        try forge.commit(forge.tree([.init("100644", "a", one), .init("100644", "a-x.yaml", one), .init("40000", "a.d", folder())]))
        #expect(try forge.read().refusals == [])
    }

    @Test func `a repeated name is refused where the commit before had it once`() throws {
        let (one, two) = (try forge.blob(), try forge.blob("a: 2\n"))
        let before = try forge.tree([.init("100644", "a.yaml", one), .init("100644", "b.yaml", one)])
        let after = try forge.tree([.init("100644", "a.yaml", one), .init("100644", "b.yaml", one), .init("100644", "a.yaml", two)])
        try forge.commit(after)
        let opened = try GitRepository(at: forge.repository.path)
        let reading = try opened.files(ofTree: #require(ObjectID(hex: after)), since: ObjectID(hex: before))
        #expect(reading.refusals.map(\.path) == ["a.yaml"])
    }

    /// The cases of Git's t1450-fsck.sh that a tree can have; what is no tree is an error, and never an empty one.
    @Test(arguments: [
        ("truncated in an id", Array("100644 a.yaml\0".utf8) + [UInt8](repeating: 0x11, count: 19)),
        ("truncated in a name", Array("100644 a.yam".utf8)), ("truncated in a mode", Array("1006".utf8)),
        ("an empty name", Array("100644 \0".utf8) + [UInt8](repeating: 0x11, count: 20)),
        ("no mode", Array(" a.yaml\0".utf8) + [UInt8](repeating: 0x11, count: 20)),
        ("a mode that is no number", Array("banana a.yaml\0".utf8) + [UInt8](repeating: 0x11, count: 20)),
        ("a null id", Array("100644 a.yaml\0".utf8) + [UInt8](repeating: 0, count: 20)),
        ("a null id of a folder", Array("40000 orgs\0".utf8) + [UInt8](repeating: 0, count: 20)),
    ] as [(String, [UInt8])])
    func `a tree that is damaged is an error`(what: String, bytes: [UInt8]) throws {
        try forge.commit(forge.tree(bytes))
        #expect(throws: GitError.self, "\(what)") { try forge.read() }
    }

    @Test func `a zero-padded mode is what it says, as Git takes it`() throws {
        try commit(.init("0100644", "a.yaml", forge.blob()), .init("040000", "orgs", folder()), .init("0120000", "link.yaml", forge.blob("x")))
        let reading = try forge.read()
        #expect(reading.files.map(\.path).sorted() == ["a.yaml", "orgs/a.yaml", "sound.yaml"])
        #expect(reading.refusals.map(\.path) == ["link.yaml"])
    }

    @Test func `a tree in another order than Git's hides nothing`() throws {
        let entries = ["z", "m", "a"].map { name in { (id: String) in TreeForge.Entry("100644", name + ".yaml", id) } }
        let id = try forge.blob()
        let unordered = try forge.tree(entries.map { $0(id) })
        let changed = try forge.tree([entries[0](id), entries[1](forge.blob("a: 2\n")), entries[2](id)])
        try forge.commit(changed)
        let opened = try GitRepository(at: forge.repository.path)
        let paths = try opened.changedPaths(from: ObjectID(hex: unordered), to: ObjectID(hex: changed))
        #expect(paths.contains("m.yaml"))
        #expect(try Set(forge.read().files.map(\.path)) == ["z.yaml", "m.yaml", "a.yaml"])
    }

    @Test func `a 60 MB blob is refused with its path before it is unpacked`() throws {
        let file = forge.repository.root.appending(path: "large").path
        try forge.repository.shell("truncate -s 60M '\(file)'")
        let id = try forge.repository.git("hash-object", "-w", file)
        try commit(.init("100644", "large.yaml", id), .init("100644", "movie.bin", id))
        let reading = try forge.read()
        #expect(reading.refusals.map(\.path) == ["large.yaml"])
        #expect(reading.files.map(\.path) == ["sound.yaml"])
    }

    @Test func `50k files are read, and refused where fewer are allowed`() throws {
        let id = try forge.blob()
        try forge.commit(forge.tree((0..<50_000).map { TreeForge.Entry("100644", "f\(100_000 + $0).yaml", id) }))
        #expect(try forge.read().files.count == 50_000)
        var limits = GitLimits()
        limits.reading.filesMax = 49_999
        let error = #expect(throws: GitError.self) { try forge.read(limits: limits) }
        #expect(error?.message.contains("more than 49999 YAML files") == true)
    }

    @Test func `a 2000-deep tree is refused`() throws {
        let deep = try deepTree(2000)
        try forge.commit(deep)
        let error = #expect(throws: GitError.self) { try forge.read() }
        #expect(error?.message.contains("folders that nest deeper than") == true)
        let opened = try GitRepository(at: forge.repository.path)
        #expect(try opened.changedPaths(from: nil, to: ObjectID(hex: deep)) == [])
    }

    /// By fast-import, as 2,000 processes would take their time.
    private func deepTree(_ depth: Int) throws -> String {
        let path = (0..<depth).map { _ in "d" }.joined(separator: "/") + "/a.yaml"
        let script = "commit refs/heads/main\ncommitter A <a@x> 1700000000 +0000\ndata 1\nx\nM 100644 inline \(path)\ndata 5\na: 1\n\n"
        let file = forge.repository.root.appending(path: "script")
        try Data(script.utf8).write(to: file)
        try forge.repository.shell("git --git-dir '\(forge.repository.path)' fast-import --quiet < '\(file.path)'")
        return try forge.repository.git("rev-parse", "main^{tree}")
    }

    @Test func `a tree bomb of 10^8 files ends in a message and not in swapping`() throws {
        var id = try forge.blob()
        var mode = "100644"
        for level in 0..<8 {
            let suffix = level == 0 ? ".yaml" : ""
            id = try forge.tree((0..<10).map { TreeForge.Entry(mode, "f\($0)\(suffix)", id) })
            mode = "40000"
        }
        try forge.commit(id)
        var limits = GitLimits()
        limits.entriesMax = 100_000
        let error = #expect(throws: GitError.self) { try forge.read(limits: limits) }
        #expect(error?.message.contains("more than") == true)
    }

    @Test func `a missing blob is an error and never a smaller repository`() throws {
        try commit(.init("100644", "gone.yaml", String(repeating: "a", count: 40)))
        #expect(throws: GitError.self) { try forge.read() }
        try commit(.init("40000", "gone", String(repeating: "b", count: 40)))
        #expect(throws: GitError.self) { try forge.read() }
    }

    @Test func `a blob that lies about its type is an error`() throws {
        let tree = try folder()
        try commit(.init("100644", "tree.yaml", tree))
        #expect(throws: GitError.self) { try forge.read() }
        try commit(.init("40000", "blob", forge.blob()))
        #expect(throws: GitError.self) { try forge.read() }
    }

    @Test func `a blob whose bytes are not those of its name is an error`() throws {
        try commit(.init("100644", "b.yaml", forge.blob("b: 1\n")))
        let id = try forge.repository.git("rev-parse", "main:b.yaml")
        let other = try forge.repository.git("rev-parse", "main:sound.yaml")
        let path = { (id: String) in forge.repository.path + "/objects/" + id.prefix(2) + "/" + id.dropFirst(2) }
        try forge.repository.shell("cp -f '\(path(other))' '\(path(id))'")
        #expect(throws: GitError.self) { try forge.read() }
    }

    @Test func `HEAD to nowhere is no matter, as the branch is asked`() throws {
        try commit()
        try forge.repository.git("symbolic-ref", "HEAD", "refs/heads/nowhere")
        #expect(try forge.read().files.map(\.path) == ["sound.yaml"])
    }

    @Test(arguments: ["4070908800 +0000", "0 +0000", "-1 +0000", "99999999999999 +0000", "18446744073709551615 +0000", "x"])
    func `commit dates 2099 and 1970, and dates that are none, are read`(date: String) throws {
        try forge.commit(forge.tree([.init("100644", "a.yaml", forge.blob())]), at: date)
        let opened = try GitRepository(at: forge.repository.path)
        let main = try #require(BranchName("main"))
        #expect(try opened.tip(of: main).summary == "Forged")
        #expect(try forge.read().files.map(\.path) == ["a.yaml"])
    }
}
