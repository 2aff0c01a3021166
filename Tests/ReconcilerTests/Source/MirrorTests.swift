import Foundation
import TestKit
import Testing

@testable import Reconciler

struct MirrorTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func source(_ url: String, deadline: Duration = .seconds(30)) throws -> GitSource {
        GitSource(
            location: try SourceLocation.parse(url), reference: .branch(try #require(BranchName("main"))),
            stateFolder: scene.repository.root.appending(path: "state").path, executable: Programs.charter,
            fetchDeadline: deadline)
    }

    private func tip(_ source: GitSource) throws -> String {
        try source.refresh()
        return try source.tip(in: source.open()).id.hex
    }

    @Test func `mirrors a file URL and follows it, also over a rewritten branch`() throws {
        let source = try source("file://\(scene.repository.path)")
        #expect(try tip(source) == scene.repository.git("rev-parse", "main"))
        let next = try scene.repository.commit(["a.yaml": "x"])
        #expect(try tip(source) == next)
        try scene.repository.git("commit", "-q", "--amend", "-m", "Rewritten")
        #expect(try tip(source) == scene.repository.git("rev-parse", "main"))
        #expect(try source.open().files(of: source.tip(in: source.open())).files.count == Declared.platform.count + 1)
    }

    @Test func `mirrors from a git daemon`() throws {
        let port = try freePort()
        // The program itself: `git daemon` would run it as a child, which outlives a kill of its parent.
        let daemon = try Subprocess([
            scene.repository.git("--exec-path") + "/git-daemon", "--export-all", "--listen=127.0.0.1", "--port=\(port)",
            "--base-path=\(scene.repository.root.path)", "--reuseaddr",
            scene.repository.root.path,
        ])
        let source = try source("git://127.0.0.1:\(port)/repo.git")
        try eventually(within: .seconds(10), "the daemon answers: \(daemon.errors)") {
            try tip(source) == scene.repository.git("rev-parse", "main")
        }
        let next = try scene.repository.commit(["a.yaml": "x"])
        #expect(try tip(source) == next)
    }

    @Test func `a branch deleted at the remote is missing here too`() throws {
        let source = try source("file://\(scene.repository.path)")
        _ = try tip(source)
        try scene.repository.git("update-ref", "-d", "refs/heads/main")
        let error = #expect(throws: SourceError.self) { try source.refresh() }
        #expect(error?.message.contains("the remote has no branch main") == true)
        #expect(error?.needsHuman == true)
    }

    @Test func `a fetch that never ends is killed at its deadline`() throws {
        let silent = try SilentListener()
        let source = try source("git://127.0.0.1:\(silent.port)/repo.git", deadline: .milliseconds(300))
        let took = ContinuousClock().measure {
            let error = #expect(throws: SourceError.self) { try source.refresh() }
            #expect(error?.message.contains("fetch stopped") == true)
            #expect(error?.needsHuman == false)
        }
        #expect(took < .seconds(5))
    }

    @Test func `a lock left by a killed fetch does not stop the next`() throws {
        let source = try source("file://\(scene.repository.path)")
        _ = try tip(source)
        let next = try scene.repository.commit(["a.yaml": "x"])
        let mirrors = scene.repository.root.appending(path: "state/mirror")
        let mirror = try #require(
            try FileManager.default.contentsOfDirectory(atPath: mirrors.path).first { $0.hasSuffix(".git") })
        try Data().write(to: mirrors.appending(path: "\(mirror)/refs/heads/main.lock"))
        #expect(try tip(source) == next)
    }

    @Test func `the whole way from a URL by the program`() throws {
        let applied = try scene.charter("apply", "--repo", "file://\(scene.repository.path)")
        #expect(applied.code == 0, "\(applied.errors)")
        #expect(try scene.sql("SELECT repository FROM charter.unit") == ["file://\(scene.repository.path)"])
    }

    @Test(arguments: [("ftp://example.com/a", "ftp"), ("ext::sh -c x", nil), ("rsync://example.com/a", "rsync")])
    func `other ways to a repository are refused by name, or are paths`(text: String, scheme: String?) throws {
        guard let scheme else {
            #expect(try SourceLocation.parse(text) == .path(text))
            return
        }
        #expect(throws: SourceLocationError.unsupported(scheme: scheme)) { try SourceLocation.parse(text) }
    }
}
