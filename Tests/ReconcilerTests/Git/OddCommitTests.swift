import Foundation
import Spec
import TestKit
import Testing

@testable import Reconciler

/// Commits that other programs write and that hold up nothing here.
struct OddCommitTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    /// Commits a budget under these lines; answers the commit's id.
    @discardableResult
    private func forge(_ amount: Int, author: String?, committer: String = "Ada <a@x> 1700000000 +0000", message: String = "Forged") throws
        -> String
    {
        let repository = scene.repository
        try repository.write(Declared.budget("team", hard: "\(amount) USD/month"), to: "orgs/acme/budgets/team.yaml")
        try repository.git("add", "-A")
        let (tree, parent) = (try repository.git("write-tree"), try repository.git("rev-parse", "HEAD"))
        let text = "tree \(tree)\nparent \(parent)\n" + (author.map { "author \($0)\n" } ?? "") + "committer \(committer)\n\n\(message)\n"
        let file = repository.root.appending(path: "object")
        try Data(text.utf8).write(to: file)
        let id = try repository.git("hash-object", "-t", "commit", "--literally", "-w", file.path)
        try repository.git("update-ref", "refs/heads/main", id)
        return id
    }

    private func isApplied() throws -> Bool {
        guard case .applied = try scene.apply() else { return false }
        return true
    }

    @Test(arguments: [
        " <> 1700000000 +0000", "Ada 1700000000 +0000", "", nil, "Ada <a@x>", "Ada <a@x> soon +0000", "Ada <a@x> 99999999999999999999 +0000",
    ])
    func `a commit whose author is no author is applied, and so is what follows it`(author: String?) throws {
        try forge(7, author: author)
        #expect(try isApplied())
        try forge(8, author: author)
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")])
        #expect(try isApplied(), "past one that was never the tip")
        #expect(try scene.sql("SELECT count(*) FROM charter.revision") == ["3"])
        #expect(try scene.charter("blame", "Budget", "team", "--org", "acme").code == 0)
    }

    @Test(arguments: ["nobody", "Ada <a@x> 9223372036854775 +0000", "Ada <a@x> 99999999999999 +0000", "Ada <a@x> -99999999999 +0000"])
    func `a date that nobody knows is brought to one that the database can hold`(committer: String) throws {
        try forge(7, author: "Ada <a@x> 1700000000 +0000", committer: committer)
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")])
        #expect(try isApplied())
        #expect(try scene.sql("SELECT count(*) FROM charter.provenance WHERE committed_at BETWEEN '1970-01-01Z' AND '9999-12-31 23:59:59Z'") == ["8"])
    }

    @Test func `of a long first line and a long name no more is kept than people read`() throws {
        try forge(
            7, author: "\(String(repeating: "n", count: 5000)) <a@x> 1700000000 +0000", message: String(repeating: "x", count: 2 << 20))
        #expect(try isApplied())
        #expect(try scene.sql("SELECT length(message) FROM charter.revision WHERE id = 2") == ["300"])
        #expect(try scene.sql("SELECT max(length(author)) FROM charter.provenance") == ["300"])
    }

    @Test func `a rewritten branch is told by how its commits lie, whoever wrote them`() throws {
        let repository = scene.repository
        let base = try repository.git("rev-parse", "HEAD")
        let one = try forge(7, author: "nobody")
        let two = try forge(8, author: "nobody")
        try repository.git("update-ref", "refs/heads/main", base)
        let three = try forge(9, author: "nobody")
        let opened = try GitRepository(at: repository.path)
        func id(_ hex: String) throws -> ObjectID { try #require(ObjectID(hex: hex)) }
        #expect(try opened.movement(from: id(base), to: id(two)) == .forward)
        #expect(try opened.movement(from: id(two), to: id(one)) == .back(dropped: 1))
        #expect(try opened.movement(from: id(two), to: id(three)) == .aside(fork: id(base), dropped: 2, added: 1))
        #expect(try opened.commits(since: id(base), upTo: id(two)) == [id(two), id(one)])
        #expect(try opened.mergeBases(of: id(two), and: id(three)) == [id(base)])
    }

    @Test func `walks agree with libgit2's on histories with merges`() throws {
        let repository = try TestRepository()
        var random = SplitMix(state: 7)
        var heads: [String] = [try repository.commit(["a": "0"])]
        for number in 1...40 {
            let parent = heads.randomElement(using: &random) ?? heads[0]
            let other = heads.randomElement(using: &random) ?? heads[0]
            let tree = try repository.git("rev-parse", "\(parent)^{tree}")
            let more = other == parent || number % 3 != 0 ? [] : ["-p", other]
            heads.append(try repository.git(["commit-tree", tree, "-p", parent, "-m", "\(number)"] + more))
        }
        let opened = try GitRepository(at: repository.path)
        for _ in 1...60 {
            let one = try #require(heads.randomElement(using: &random).flatMap { ObjectID(hex: $0) })
            let other = try #require(heads.randomElement(using: &random).flatMap { ObjectID(hex: $0) })
            let graph = try #require(try CommitGraph(one, other, in: opened, limits: GitLimits()))
            let (after, before) = (try opened.commits(since: one, upTo: other), try opened.commits(since: other, upTo: one))
            let bases = try opened.mergeBases(of: one, and: other)
            #expect(Set(graph.ofSecond) == Set(after ?? []) && Set(graph.ofFirst) == Set(before ?? []))
            #expect(Set(graph.common) == Set(bases))
        }
    }

    @Test func `a commit's bytes are read as far as they make sense`() {
        let tree = String(repeating: "1", count: 40), parent = String(repeating: "2", count: 40)
        let object = CommitObject(Array("tree \(tree)\nparent \(parent)\nauthor Ada <a@x> soon\ncommitter ? 12 +0000\ngpgsig x\n y\n\n\nFirst\nSecond".utf8))
        #expect(object?.tree.hex == tree && object?.parents.map(\.hex) == [parent])
        #expect(object?.author == "Ada <a@x>" && object?.summary == "First")
        #expect(object?.committedAt == Instant(milliseconds: 12_000))
        for text in ["", "tree x\n", "parent \(parent)\n", "tree \(tree)\nparent x\n\nM"] { #expect(CommitObject(Array(text.utf8)) == nil) }
    }
}
