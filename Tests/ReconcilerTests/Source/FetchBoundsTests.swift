import Foundation
import TestKit
import Testing

@testable import Reconciler

/// What a server may cost us, and what a killed fetch leaves.
struct FetchBoundsTests {
    let scene: SourceScene

    init() throws { scene = try SourceScene() }

    private var address: String { "file://\(scene.repository.path)" }

    /// The folder of the only mirror.
    private func mirror() throws -> String {
        let parent = scene.stateFolder + "/mirror"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: parent).first { $0.hasSuffix(".git") })
        return parent + "/" + name
    }

    private func commitRandom(_ count: Int) throws {
        try scene.repository.shell("head -c \(count) /dev/urandom > random.bin")
        try scene.repository.commitAll()
    }

    @Test func `more bytes than are allowed are refused, and what was there stays`() throws {
        var source = try scene.source(address)
        let good = try scene.tip(source)
        try commitRandom(3 << 20)
        source.limits.fetchBytesMax = 1 << 20
        let error = try scene.failure(of: source)
        #expect(error.message.contains("the remote sent more than 1048576 bytes"), "\(error.message)")
        #expect(error.needsHuman)
        #expect(try source.tip(in: source.open()).id.hex == good)
    }

    @Test(arguments: [("--fetch-bytes", "more than 100000 bytes"), ("--fetch-memory", "memory")])
    func `the bounds of a fetch are flags`(flag: String, told: String) throws {
        try commitRandom(3 << 20)
        let plan = [Programs.charter, "plan", "--repo", address, "--database", try TestPostgres.shared.freshDatabase(), "--state", scene.stateFolder]
        let refused = try Subprocess.run(plan + [flag, "100000"])
        #expect(refused.code == 1 && refused.errors.contains(told), "\(refused.errors)")
    }

    @Test func `a child that would take too much memory ends alone`() throws {
        // Two versions of one large file travel as a delta, and it takes both whole to resolve it.
        try scene.repository.shell("head -c 40000000 /dev/urandom > large.bin")
        try scene.repository.commitAll()
        try scene.repository.shell("echo more >> large.bin")
        try scene.repository.commitAll()
        try scene.repository.git("-c", "pack.windowMemory=1g", "repack", "-adfq")
        var source = try scene.source(address)
        source.limits.fetchMemoryMax = 32 << 20
        let error = try scene.failure(of: source)
        #expect(error.message.contains("memory"), "\(error.message)")
        #expect(error.message.hasPrefix("file://"))
        source.limits.fetchMemoryMax = GitLimits().fetchMemoryMax
        #expect(try scene.tip(source) == scene.repository.git("rev-parse", "main"))
    }

    @Test func `a mirror that has grown too large is fetched anew`() throws {
        var source = try scene.source(address)
        _ = try scene.tip(source)
        try commitRandom(2 << 20)
        _ = try scene.tip(source)
        try scene.repository.git("reset", "-q", "--hard", "HEAD~1")
        source.limits.mirrorBytesMax = 1 << 20
        #expect(try scene.tip(source) == scene.repository.git("rev-parse", "main"))
        let left = try FileManager.default.subpathsOfDirectory(atPath: mirror()).compactMap {
            try FileManager.default.attributesOfItem(atPath: mirror() + "/" + $0)[.size] as? Int
        }
        #expect(left.reduce(0, +) < 1 << 20)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scene.stateFolder + "/mirror").allSatisfy { !$0.hasSuffix(".old") })
    }

    @Test func `a mirror that has grown too large is kept where it cannot be fetched anew, and fetched into further`() throws {
        var source = try scene.source(address)
        _ = try scene.tip(source)
        for _ in 1...2 {
            try commitRandom(700_000)
            #expect(try source.refresh() == nil)
        }
        // Each step is small enough for one fetch, the whole is not.
        source.limits.mirrorBytesMax = 1 << 20
        source.limits.fetchBytesMax = 1 << 20
        let next = try scene.repository.commit(["b.yaml": "b: 1\n"])
        let remark = try #require(try source.refresh())
        #expect(remark.contains("has grown to ") && remark.contains(", and could not be fetched anew: "), "\(remark)")
        #expect(try source.tip(in: source.open()).id.hex == next)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scene.stateFolder + "/mirror").allSatisfy { !$0.contains(".new") })
        // Not tried again at once, and said again.
        let later = try scene.repository.commit(["b.yaml": "b: 2\n"])
        #expect(try source.refresh()?.contains("could not be fetched anew") == true)
        #expect(try source.tip(in: source.open()).id.hex == later)
        // Twice as much is too much, and what is there stays readable.
        source.limits.mirrorBytesMax = 1 << 19
        try scene.repository.commit(["b.yaml": "b: 3\n"])
        let error = try scene.failure(of: source)
        #expect(error.needsHuman && error.message.contains("is full, and could not be fetched anew"), "\(error.message)")
        #expect(try source.tip(in: source.open()).id.hex == later)
        source.limits.mirrorBytesMax = 1 << 20
        source.limits.fetchBytesMax = 8 << 20
        // As if an hour had passed.
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -4000)], ofItemAtPath: mirror() + ".renewal")
        try scene.repository.git("reset", "-q", "--hard", "HEAD~5")
        #expect(try source.refresh() == nil, "the new one is small again")
        #expect(!FileManager.default.fileExists(atPath: try mirror() + ".renewal"))
    }

    @Test func `what ends the child once it has said the tip undoes nothing`() throws {
        let child = scene.repository.root.appending(path: "child").path
        try "#!/bin/sh\necho 0123456789abcdef0123456789abcdef01234567\nexec sleep 60\n".write(toFile: child, atomically: true, encoding: .utf8)
        #expect(chmod(child, 0o755) == 0)
        // Time enough to say it.
        var source = try scene.source(address, deadline: .seconds(5))
        source.executable = child
        #expect(try source.refresh() == nil)
        try "#!/bin/sh\necho no reason >&2\nexec sleep 30\n".write(toFile: child, atomically: true, encoding: .utf8)
        #expect(chmod(child, 0o755) == 0)
        #expect(try scene.failure(of: source).message.contains("fetch stopped"))
    }

    @Test func `one that was killed between taking the old mirror away and putting the new one there loses neither`() throws {
        let source = try scene.source(address)
        let good = try scene.tip(source)
        try FileManager.default.moveItem(atPath: mirror(), toPath: mirror() + ".old")
        try FileManager.default.moveItem(atPath: scene.repository.path, toPath: scene.repository.path + ".away")
        _ = try scene.failure(of: source)
        #expect(try source.tip(in: source.open()).id.hex == good)
    }

    @Test func `what a killed fetch left is removed by the next`() throws {
        let source = try scene.source(address)
        _ = try scene.tip(source)
        let left = try mirror() + "/objects/pack/pack_git2_a1B2c3"
        try Data(count: 1 << 20).write(to: URL(filePath: left))
        try scene.repository.commit(["b.yaml": "b: 1\n"])
        _ = try scene.tip(source)
        #expect(!FileManager.default.fileExists(atPath: left))
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
    func `a mirror of another account is refused`() throws {
        let source = try scene.source(address)
        _ = try scene.tip(source)
        #expect(chown(try mirror(), 65534, 65534) == 0)
        let error = try scene.failure(of: source)
        #expect(error.message.contains("is not a folder of this account"))
        #expect(error.needsHuman)
    }

    @Test(arguments: [HostileServer.Behaviour.shortLine, .noise, .noisePack, .hugePack, .hangUp])
    func `a server that lies is an error in words`(behaviour: HostileServer.Behaviour) throws {
        let server = try HostileServer(behaviour)
        let source = try scene.source(server.address, deadline: .seconds(20))
        let error = try scene.failure(of: source)
        #expect(!error.message.contains("signal"), "\(error.message)")
        #expect(!error.message.contains("fetch stopped"), "\(error.message)")
    }

    @Test func `a server that never comes to an end is stopped by the deadline`() throws {
        let server = try HostileServer(.trickle)
        let error = try scene.failure(of: scene.source(server.address, deadline: .seconds(2)))
        #expect(error.message.contains("no answer within 2.0 seconds, fetch stopped"), "\(error.message)")
        #expect(!error.needsHuman)
    }

    @Test func `names of references without end are stopped by memory`() throws {
        let server = try HostileServer(.endlessNames)
        var source = try scene.source(server.address, deadline: .seconds(60))
        source.limits.fetchMemoryMax = 48 << 20
        let error = try scene.failure(of: source)
        #expect(error.message.contains("memory"), "\(error.message)")
    }

    @Test func `names of references without end are stopped by the deadline, where there is memory`() throws {
        let server = try HostileServer(.endlessNames)
        var source = try scene.source(server.address, deadline: .milliseconds(500))
        source.limits.fetchMemoryMax = 4 << 30
        let error = try scene.failure(of: source)
        #expect(error.message.contains("no answer within 0.5 seconds, fetch stopped"), "\(error.message)")
    }
}
