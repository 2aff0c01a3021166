import Foundation
import TestKit
import Testing

@testable import Reconciler

/// Repositories that are broken, empty, cut or of another kind; each by path and through a mirror.
struct RepositoryAttackTests {
    let scene: SourceScene

    init() throws { scene = try SourceScene() }

    private var addresses: [String] { [scene.repository.path, "file://\(scene.repository.path)"] }

    /// What each way says.
    private func failures() throws -> [SourceError] {
        try addresses.map { address in
            let source = try scene.source(address)
            do {
                _ = try scene.tip(source)
                let opened = try source.open()
                _ = try opened.files(of: source.tip(in: opened))
            } catch let error as SourceError { return error } catch let error as GitError { return SourceError(error, in: source) }
            throw SourceScene.Unexpected()
        }
    }

    @Test func `empty repository`() throws {
        try scene.repository.git("update-ref", "-d", "refs/heads/main")
        for error in try failures() {
            #expect(error.message.contains("no commits yet"), "\(error.message)")
            #expect(error.needsHuman)
        }
    }

    @Test func `branch deleted`() throws {
        try scene.repository.git("branch", "other")
        try scene.repository.git("update-ref", "-d", "refs/heads/main")
        for error in try failures() {
            #expect(error.message.contains("no branch main"), "\(error.message)")
            #expect(error.needsHuman)
        }
    }

    @Test func `SHA-256 repository`() throws {
        let path = scene.repository.root.appending(path: "sha256.git").path
        try scene.repository.shell("git init -q --bare --object-format=sha256 -b main '\(path)'")
        let byPath = #expect(throws: SourceError.self) { try scene.source(path).open() }
        #expect(byPath?.message.contains("extensions.objectformat") == true, "\(byPath?.message ?? "")")
        #expect(throws: SourceError.self) { try scene.tip(scene.source("file://\(path)")) }
    }

    @Test func `pack corruption`() throws {
        let source = try scene.source(addresses[1])
        let good = try scene.tip(source)
        for number in 0..<30 { try scene.repository.write("value: \(number)\n" + String(repeating: "x", count: 500), to: "f\(number).yaml") }
        try scene.repository.commitAll()
        try scene.repository.git("repack", "-adq")
        let folder = scene.repository.path + "/objects/pack"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".pack") })
        let pack = URL(filePath: folder + "/" + name)
        var bytes = try Data(contentsOf: pack)
        for index in stride(from: 40, to: bytes.count - 40, by: 97) { bytes[index] ^= 0xff }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: pack.path)
        try bytes.write(to: pack)
        #expect(throws: (any Error).self) {
            let opened = try scene.source(addresses[0]).open()
            _ = try opened.files(of: opened.tip(of: #require(scene.main)))
        }
        #expect(throws: SourceError.self) { try source.refresh() }
        #expect(try source.tip(in: source.open()).id.hex == good)
    }

    @Test func `shallow clone`() throws {
        for number in 1...3 { try scene.repository.commit(["a.yaml": "a: \(number)\n"]) }
        let clone = scene.repository.root.appending(path: "shallow").path
        try scene.repository.shell("git clone -q --depth 1 'file://\(scene.repository.path)' '\(clone)'")
        let source = try scene.source(clone)
        let tip = try source.tip(in: source.open())
        #expect(try tip.id.hex == scene.repository.git("rev-parse", "main"))
        #expect(try source.open().files(of: tip).files.map(\.path) == ["a.yaml"])
        let walk = try source.open().lastChanges(of: ["a.yaml"], from: tip, downTo: nil)
        #expect(walk.lastChange["a.yaml"]?.id == tip.id)
    }

    @Test func `partial clone`() throws {
        try scene.repository.git("config", "uploadpack.allowFilter", "true")
        let clone = scene.repository.root.appending(path: "partial").path
        try scene.repository.shell("git clone -q --filter=blob:none --no-checkout 'file://\(scene.repository.path)' '\(clone)'")
        let opened = try scene.source(clone).open()
        let error = #expect(throws: GitError.self) { try opened.files(of: opened.tip(of: #require(scene.main))) }
        #expect(error?.message.contains("clone it again without --filter") == true, "\(error?.message ?? "")")
    }

    @Test func `two parents`() throws {
        try scene.repository.git("checkout", "-q", "-b", "side")
        try scene.repository.commit(["b.yaml": "b: 1\n"])
        try scene.repository.git("checkout", "-q", "main")
        try scene.repository.commit(["c.yaml": "c: 1\n"])
        try scene.repository.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
        for address in addresses {
            let source = try scene.source(address)
            _ = try scene.tip(source)
            #expect(try source.open().files(of: source.tip(in: source.open())).files.count == 3)
        }
    }

    @Test func `A to B to A within one poll is seen as A`() throws {
        let a = try scene.repository.git("rev-parse", "main")
        let source = try scene.source(addresses[1])
        #expect(try scene.tip(source) == a)
        try scene.repository.commit(["b.yaml": "b: 1\n"])
        try scene.repository.git("update-ref", "refs/heads/main", a)
        #expect(try scene.tip(source) == a)
    }

    @Test func `configuration, hooks and attributes of the repository run nothing`() throws {
        let trace = scene.repository.root.appending(path: "trace").path
        for name in ["post-update", "pre-receive", "reference-transaction", "post-checkout", "fsmonitor"] {
            let hook = scene.repository.path + "/hooks/" + name
            try Data("#!/bin/sh\necho \(name) >> '\(trace)'\n".utf8).write(to: URL(filePath: hook))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        }
        for (key, value) in [
            ("core.fsmonitor", "\(scene.repository.path)/hooks/fsmonitor"), ("core.sshCommand", "touch '\(trace)'"),
            ("filter.evil.smudge", "touch '\(trace)'"), ("url.ext::sh.insteadOf", "file://"), ("include.path", "/proc/self/environ"),
        ] { try scene.repository.git("config", key, value) }
        for address in addresses {
            let source = try scene.source(address)
            try source.refresh()
            let opened = try source.open()
            #expect(try opened.files(of: source.tip(in: opened)).files.map(\.path) == ["a.yaml"])
        }
        #expect(!FileManager.default.fileExists(atPath: trace))
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func `a repository of another account is read`() throws {
        try scene.repository.shell("chown -R 65534:65534 '\(scene.repository.path)'")
        #expect(try scene.tip(scene.source(addresses[0])).count == 40)
    }
}
