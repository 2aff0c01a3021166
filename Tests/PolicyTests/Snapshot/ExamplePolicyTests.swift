import Foundation
import Policy
import Spec
import Testing

/// The repository that the walkthrough and the demo use.
@Suite struct ExamplePolicyTests {
    private static func resources() throws -> [GovernedResource] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../examples/config-repo").standardizedFileURL
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted().filter(SourceFile.isRead)
            .map { SourceFile(path: $0, bytes: Array(try Data(contentsOf: root.appending(path: $0)))) }
        return Specification.load(files).resources.values.sorted { $0.key < $1.key }.map(GovernedResource.init(unapplied:))
    }

    @Test func `the example compiles, and all its key tests hold`() throws {
        let (snapshot, diagnostics) = Snapshot.compile(
            try Self.resources(), revision: RevisionIdentity(id: 1, commit: "", stateDigest: ""))
        #expect(diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        #expect(snapshot.keyCount >= 3)
        #expect(snapshot.organizations.count == 3)
        #expect(snapshot.routeCount > 0)
        #expect(!snapshot.durableSeeds(now: World.start).isEmpty)
    }

    @Test func `a compiled snapshot does not depend on the order of its resources`() throws {
        var resources = try Self.resources()
        let identity = RevisionIdentity(id: 1, commit: "", stateDigest: "")
        let first = Snapshot.compile(resources, revision: identity)
        resources.reverse()
        let second = Snapshot.compile(resources, revision: identity)
        #expect(first.snapshot.models.map(\.qualifiedName) == second.snapshot.models.map(\.qualifiedName))
        #expect(first.diagnostics.map(\.message) == second.diagnostics.map(\.message))
    }
}
