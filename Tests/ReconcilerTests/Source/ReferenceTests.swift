import Foundation
import TestKit
import Testing

@testable import Reconciler

/// Branch, tag or commit; each by path and through a mirror.
struct ReferenceTests {
    let scene: SourceScene

    init() throws { scene = try SourceScene() }

    private func sources(_ reference: SourceReference) throws -> [GitSource] {
        [try scene.source(scene.repository.path, reference: reference), try scene.source("file://\(scene.repository.path)", reference: reference)]
    }

    private func tips(_ reference: SourceReference) throws -> [String] { try sources(reference).map(scene.tip) }

    private func tag(_ name: String, _ more: String...) throws { try scene.repository.git(["tag", "-f", name] + more) }

    @Test func `follows the highest tag, also an annotated one`() throws {
        let pattern = SourceReference.tags(try #require(TagPattern("v*")))
        let first = try scene.repository.git("rev-parse", "main")
        try tag("v1.9")
        let second = try scene.repository.commit(["b.yaml": "b: 1\n"])
        #expect(try tips(pattern) == [first, first])
        try tag("v1.10", "-a", "-m", "A release")
        #expect(try tips(pattern) == [second, second])
        try scene.repository.commit(["c.yaml": "c: 1\n"])
        try tag("v2.0-rc1")
        try tag("unrelated")
        #expect(try tips(pattern) == [second, second])
    }

    @Test func `tag moved, and tag deleted at the remote`() throws {
        let pattern = SourceReference.tags(try #require(TagPattern("v*")))
        let first = try scene.repository.git("rev-parse", "main")
        try tag("v1")
        let second = try scene.repository.commit(["b.yaml": "b: 1\n"])
        try tag("v2")
        #expect(try tips(pattern) == [second, second])
        let third = try scene.repository.commit(["c.yaml": "c: 1\n"])
        try tag("v2")
        #expect(try tips(pattern) == [third, third])
        try scene.repository.git("tag", "-d", "v2")
        #expect(try tips(pattern) == [first, first])
        try scene.repository.git("tag", "-d", "v1")
        for source in try sources(pattern) {
            let error = #expect(throws: SourceError.self) { try scene.tip(source) }
            #expect(error?.message.contains("no tag that matches v* and names a version: it has no tags") == true)
            #expect(error?.needsHuman == true)
        }
    }

    @Test func `a tag on something else than a commit is refused`() throws {
        let pattern = SourceReference.tags(try #require(TagPattern("v*")))
        try scene.repository.git("tag", "v1", "main:a.yaml")
        for source in try sources(pattern) {
            let error = #expect(throws: SourceError.self) { try scene.tip(source) }
            #expect(error?.message.contains("it names something else") == true, "\(error?.message ?? "")")
        }
    }

    @Test func `a pinned commit stays, whatever branches do, and costs no connection once it is here`() throws {
        let first = try scene.repository.git("rev-parse", "main")
        let pinned = SourceReference.commit(try #require(ObjectID(hex: first)))
        try scene.repository.commit(["b.yaml": "b: 1\n"])
        #expect(try tips(pinned) == [first, first])
        try FileManager.default.moveItem(atPath: scene.repository.path, toPath: scene.repository.path + ".gone")
        #expect(try scene.tip(scene.source("file://\(scene.repository.path)", reference: pinned)) == first)
    }

    @Test func `a pinned commit is found at servers that do not give commits by their ids`() throws {
        let server = try TLSGitServer(root: scene.repository.root.path)
        let first = try scene.repository.git("rev-parse", "main")
        try scene.repository.commit(["b.yaml": "b: 1\n"])
        var access = RemoteAccess()
        access.authorities = server.authority
        let pinned = SourceReference.commit(try #require(ObjectID(hex: first)))
        #expect(try scene.tip(scene.source(server.address("repo.git"), access, reference: pinned)) == first)
    }

    @Test func `a pinned commit that is nowhere is named`() throws {
        let pinned = SourceReference.commit(try #require(ObjectID(hex: String(repeating: "1", count: 40))))
        for source in try sources(pinned) {
            let error = #expect(throws: SourceError.self) { try scene.tip(source) }
            #expect(error?.message.contains("no commit 1111111111111111111111111111111111111111") == true, "\(error?.message ?? "")")
            #expect(error?.needsHuman == true)
        }
    }

    @Test func `two of them exclude each other on the command line`() throws {
        let outcome = try Subprocess.run([Programs.charter, "plan", "--repo", "/x", "--database", "postgresql://x", "--tag", "v*", "--commit", String(repeating: "1", count: 40)])
        #expect(outcome.errors.contains("--tag and --commit exclude each other"))
        let short = try Subprocess.run([Programs.charter, "plan", "--repo", "/x", "--database", "postgresql://x", "--commit", "abc"])
        #expect(short.errors.contains("is not a full id of 40 digits"))
    }

    @Test func `an order to fetch survives its way through the environment`() throws {
        var access = RemoteAccess()
        access.user = "ada"
        access.password = .text("a=b")
        access.knownHosts = "/k"
        access.hostKeys = [try #require(HostKeyPin("SHA256:" + String(repeating: "a", count: 43)))]
        for reference in [SourceReference.branch(try #require(scene.main)), .tags(try #require(TagPattern("v*")))] {
            let source = try scene.source("ssh://git@example.com:2222/a.git", access, reference: reference)
            let order = FetchOrder(source, url: try scene.url("ssh://git@example.com:2222/a.git"), mirror: "/m")
            let back = try #require(FetchOrder(environment: order.environment))
            #expect(back.access == access)
            #expect(back.reference == reference)
            #expect(back.url == order.url)
            #expect(back.environment == order.environment)
        }
        #expect(FetchOrder(environment: [:]) == nil)
    }
}
