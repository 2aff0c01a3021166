import Foundation
import TestKit
import Testing

@testable import Reconciler

struct TreeDifferenceTests {
    let forge: TreeForge

    init() throws { forge = try TreeForge() }

    private func difference(_ old: String?, _ new: String?) throws -> Set<String> {
        let opened = try GitRepository(at: forge.repository.path)
        return try opened.changedPaths(from: old.flatMap { ObjectID(hex: $0) }, to: new.flatMap { ObjectID(hex: $0) })
    }

    @Test func `tells files added, changed, removed, and those that became folders or links`() throws {
        let (one, two) = (try forge.blob("1"), try forge.blob("2"))
        let inner = try forge.tree([.init("100644", "x.yaml", one), .init("100644", "y.yaml", one)])
        let old = try forge.tree([
            .init("100644", "changed", one), .init("100644", "exec", one), .init("40000", "folder", inner), .init("100644", "link", one),
            .init("100644", "removed", one), .init("100644", "same", one), .init("100644", "turns", one),
        ])
        let new = try forge.tree([
            .init("100644", "added", one), .init("100644", "changed", two), .init("100755", "exec", one), .init("100644", "folder", one),
            .init("120000", "link", one), .init("100644", "same", one), .init("40000", "turns", inner),
        ])
        let expected: Set = [
            "added", "changed", "folder", "folder/x.yaml", "folder/y.yaml", "link", "removed", "turns", "turns/x.yaml", "turns/y.yaml",
        ]
        #expect(try difference(old, new) == expected)
        #expect(try difference(new, old) == expected)
        #expect(try difference(old, old) == [])
        #expect(try difference(nil, inner) == ["x.yaml", "y.yaml"])
        #expect(try difference(inner, nil) == ["x.yaml", "y.yaml"])
        #expect(try difference(nil, nil) == [])
    }

    /// Git sorts a folder as if its name ended in a slash, so that `a.b` stands between a file `a` and a folder `a`.
    @Test func `follows Git's order where a file and a folder change places`() throws {
        let id = try forge.blob()
        let inner = try forge.tree([.init("100644", "x", id)])
        let old = try forge.tree([.init("100644", "a", id), .init("100644", "a.b", id), .init("100644", "a0", id)])
        let new = try forge.tree([.init("100644", "a.b", id), .init("40000", "a", inner), .init("100644", "a0", id)])
        #expect(try difference(old, new) == ["a", "a/x"])
    }

    @Test func `agrees with git diff on random trees`() throws {
        var random = SplitMix(state: 7)
        for round in 0..<12 {
            for _ in 0..<8 {
                let path = (0..<Int.random(in: 1...3, using: &random)).map { _ in "n\(Int.random(in: 0..<5, using: &random))" }.joined(separator: "/")
                try forge.repository.shell("rm -rf '\(path)'; mkdir -p \"$(dirname '\(path)')\" 2>/dev/null && echo \(Int.random(in: 0..<3, using: &random)) > '\(path)' || true")
            }
            try forge.repository.commitAll()
            guard round > 0 else { continue }
            let said = try forge.repository.git("diff", "--name-only", "--no-renames", "HEAD~1", "HEAD")
            let expected = Set(said.split(separator: "\n").map(String.init))
            let trees = try ["HEAD~1^{tree}", "HEAD^{tree}"].map { try forge.repository.git("rev-parse", $0) }
            #expect(try difference(trees[0], trees[1]) == expected, "round \(round)")
        }
    }

    @Test func `one changed file of 10,000 costs what its folders hold`() throws {
        let id = try forge.blob()
        let same = try forge.tree((0..<200).map { .init("100644", "f\(1000 + $0).yaml", id) })
        let folders = (0..<50).map { TreeForge.Entry("40000", "d\(100 + $0)", same) }
        let other = try forge.tree((0..<200).map { .init("100644", "f\(1000 + $0).yaml", try $0 == 77 ? forge.blob("a: 2\n") : id) })
        let old = try forge.tree(folders)
        let new = try forge.tree(folders.dropLast() + [.init("40000", "d149", other)])
        let opened = try GitRepository(at: forge.repository.path)
        let (before, after) = (try #require(ObjectID(hex: old)), try #require(ObjectID(hex: new)))
        #expect(try opened.changedPaths(from: before, to: after) == ["d149/f1077.yaml"])
        let took = try (0..<20).map { _ in try ContinuousClock().measure { _ = try opened.changedPaths(from: before, to: after) } }.min()
        // 0.2 ms is meant; a loaded machine and a build without optimization are allowed for.
        #expect(try #require(took) < .milliseconds(2))
    }
}
