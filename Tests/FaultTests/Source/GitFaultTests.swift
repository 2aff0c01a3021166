import Foundation
import Glibc
import TestKit
import Testing

/// Remotes and mirrors that break; the last good revision stays, and what comes after is applied without a person.
struct GitFaultTests {
    /// A scene whose first state was mirrored and applied.
    private func begin() throws -> FaultScene {
        let scene = try FaultScene(remote: true)
        try scene.apply()
        return scene
    }

    private func mirror(of scene: FaultScene) throws -> String {
        let parent = scene.stateFolder + "/mirror"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: parent).first { $0.hasSuffix(".git") })
        return parent + "/" + name
    }

    private func files(under folder: String, _ suffixes: String...) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in suffixes.contains { path.hasSuffix($0) } }
            .map { folder + "/" + $0 }
    }

    /// Flips a bit in the middle of a file, whatever its mode says.
    private func damage(_ path: String, at share: Double = 0.5) throws {
        chmod(path, 0o644)
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        bytes[Int(Double(bytes.count - 1) * share)] ^= 0x55
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test(arguments: [0.2, 0.5, 0.8])
    func `a mirror with flipped bytes changes nothing, and is fetched anew`(share: Double) throws {
        let scene = try begin()
        let before = try scene.state()
        for path in try files(under: mirror(of: scene), ".pack") { try damage(path, at: share) }
        let first = try scene.charter("apply")
        #expect(first.code == 0, "\(first.errors)")
        #expect(try scene.state() == before)
        try expectNothing(scene.whatIsWrong())
        try scene.commit(2)
        let watch = try scene.start("watch", "--poll", "50ms", "--lease", "1s")
        try eventually(within: .seconds(20), "the next state: \(first.errors) \(watch.errors)") { try scene.applied == scene.tip }
        try expectNothing(scene.whatIsWrong())
    }

    @Test(arguments: ["HEAD", "config", "refs/heads/main", "packed-refs", "objects"])
    func `a mirror of which something is lost is fetched anew`(lost: String) throws {
        let scene = try begin()
        let path = try mirror(of: scene) + "/" + lost
        // libgit2 writes each reference into a file of its own.
        if lost == "packed-refs" { try scene.repository.shell("git --git-dir '\(mirror(of: scene))' pack-refs --all") }
        try FileManager.default.removeItem(atPath: path)
        if lost == "refs/heads/main" { try Data("noise\n".utf8).write(to: URL(filePath: path)) }
        try scene.commit(2)
        let watch = try scene.start("watch", "--poll", "50ms", "--lease", "1s")
        try eventually(within: .seconds(20), "the next state: \(watch.errors)") { try scene.applied == scene.tip }
        try expectNothing(scene.whatIsWrong())
    }

    @Test func `a remote that dies in the middle of a pack is asked again, and leaves nothing`() throws {
        let scene = try begin()
        let before = try scene.state()
        let port = try freePort()
        let daemon = try Subprocess([
            scene.repository.git("--exec-path") + "/git-daemon", "--export-all", "--listen=127.0.0.1", "--port=\(port)",
            "--base-path=\(scene.repository.root.path)", "--reuseaddr", scene.repository.root.path,
        ])
        // More than one read's worth, so that the cut comes in the middle.
        try scene.repository.shell("head -c 3000000 /dev/urandom > random.bin")
        try scene.commit(2)
        let proxy = try FaultyProxy(to: port)
        let watch = try scene.start("watch", "--poll", "50ms", "--lease", "1s", from: "git://127.0.0.1:\(proxy.port)/repo.git")
        try proxy.fail(.cutAfterMegabyte)
        try eventually(within: .seconds(15), "it was cut: \(watch.errors) \(daemon.errors)") { proxy.cuts >= 2 }
        #expect(try scene.state() == before)
        try proxy.fail(.pass)
        try eventually(within: .seconds(20), "the next state: \(watch.errors)") { try scene.applied == scene.tip }
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" retrying ") } <= 3, "\(watch.errors)")
        for folder in try files(under: scene.stateFolder + "/mirror", ".git") {
            try #expect(FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.contains("_git2_") } == [])
        }
    }

    @Test func `a repository that is removed, and made again with another history, waits for a person`() throws {
        let scene = try begin()
        let before = try scene.state()
        let watch = try scene.start("watch", "--poll", "50ms", "--lease", "1s")
        try eventually(within: .seconds(15), "it follows") { watch.errors.contains(" unchanged ") }
        let away = scene.repository.path + ".away"
        try scene.repository.shell("mv '\(scene.repository.path)' '\(away)'")
        try eventually(within: .seconds(15), "the trouble is told: \(watch.errors)") { watch.errors.contains("reason=") }
        #expect(try scene.state() == before)
        try scene.repository.shell("git init -q --bare -b main '\(scene.repository.path)'")
        try eventually(within: .seconds(15), "an empty one is no wish for nothing: \(watch.errors)") { watch.errors.contains("no commits yet") }
        #expect(try scene.state() == before)
        try scene.commit(2)
        try eventually(within: .seconds(15), "the other history is held back: \(watch.errors)") { watch.errors.contains("G1004") }
        #expect(try scene.state() == before)
        try scene.repository.shell("rm -rf '\(scene.repository.path)' && mv '\(away)' '\(scene.repository.path)'")
        try scene.repository.git("reset", "-q", "--soft", "main")
        try scene.commit(3)
        try eventually(within: .seconds(15), "the old one goes on: \(watch.errors)") { try scene.applied == scene.tip }
        try expectNothing(scene.whatIsWrong())
    }

    @Test func `a deleted branch changes nothing, and goes on when it is back`() throws {
        let scene = try begin()
        let before = try scene.state()
        let watch = try scene.start("watch", "--poll", "50ms", "--lease", "1s")
        try eventually(within: .seconds(15), "it follows") { watch.errors.contains(" unchanged ") }
        let tip = try scene.tip
        try scene.repository.git("update-ref", "-d", "refs/heads/main")
        try eventually(within: .seconds(15), "the trouble is told: \(watch.errors)") { watch.errors.contains("no branch main") }
        usleep(1_000_000)
        #expect(try scene.state() == before)
        #expect(watch.errors.split(separator: "\n").count { $0.contains("no branch main") } == 1, "\(watch.errors)")
        try scene.repository.git("update-ref", "refs/heads/main", tip)
        try scene.commit(2)
        try eventually(within: .seconds(15), "it goes on: \(watch.errors)") { try scene.applied == scene.tip }
        try expectNothing(scene.whatIsWrong())
    }

    @Test func `the child that fetches ends with a parent that is killed`() throws {
        let scene = try begin()
        let silent = try FaultyProxy(to: freePort())
        try silent.fail(.silent)
        let watch = try scene.start("watch", "--fetch-timeout", "60s", from: "git://127.0.0.1:\(silent.port)/repo.git")
        var child: Int32?
        try eventually(within: .seconds(15), "it fetches") {
            child = watch.children.first
            return child != nil
        }
        try eventually(within: .seconds(15), "it waits for the remote") { silent.held > 0 }
        watch.kill(9)
        try eventually(within: .seconds(20), "the child is gone") { child.map(Subprocess.hasEnded) == true }
        try expectNothing(scene.converge())
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount"))
    func `a full disk under the mirror changes nothing, and is told once`() throws {
        let disk = try SmallDisk(megabytes: 6)
        let scene = try begin()
        let before = try scene.state()
        try scene.repository.shell("head -c 12000000 /dev/urandom > random.bin")
        try scene.commit(2)
        let watch = try scene.start("watch", "--poll", "50ms", "--lease", "1s", "--state", disk.path)
        try eventually(within: .seconds(15), "the trouble is told: \(watch.errors)") { watch.errors.contains("No space left on device") }
        usleep(3_000_000)
        #expect(try scene.state() == before)
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" retrying ") } <= 2, "\(watch.errors)")
        try disk.grow(megabytes: 64)
        try eventually(within: .seconds(40), "it goes on: \(watch.errors)") { try scene.applied == scene.tip }
        try expectNothing(scene.whatIsWrong())
        watch.kill(15)
        #expect(watch.wait(within: .seconds(15)) == 0)
    }
}
