import Foundation
import TestKit
import Testing

@testable import Reconciler

/// How `charter watch` learns of commits, and what it says when it cannot.
struct SourceWatchTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func applied() throws -> String {
        try scene.sql("SELECT coalesce((SELECT commit FROM charter.revision ORDER BY id DESC LIMIT 1), '')")[0]
    }

    private func budget(_ amount: Int) -> [String: String?] {
        ["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(amount) USD/month")]
    }

    @Test func `a commit to a local repository wakes the loop, long before the next poll`() throws {
        let watch = try scene.start("watch", "--poll", "1h")
        try eventually(within: .seconds(20), "the first revision: \(watch.errors)") { try applied() != "" }
        for amount in 1...3 {
            let id = try scene.repository.commit(budget(amount))
            try eventually(within: .seconds(10), "commit \(amount): \(watch.errors)") { try applied() == id }
        }
        try scene.repository.git("pack-refs", "--all")
        let id = try scene.repository.commit(budget(9))
        try eventually(within: .seconds(10), "a commit after packing: \(watch.errors)") { try applied() == id }
        watch.kill(15)
        #expect(watch.wait(within: .seconds(5)) == 0)
    }

    @Test func `a tag in a new folder of tags wakes it too`() throws {
        try scene.repository.git("tag", "release/1")
        let watch = try scene.start("watch", "--poll", "1h", "--tag", "release/*")
        try eventually(within: .seconds(20), "the first revision: \(watch.errors)") { try applied() != "" }
        let id = try scene.repository.commit(budget(2))
        try scene.repository.git("tag", "release/2")
        try eventually(within: .seconds(10), "the tag: \(watch.errors)") { try applied() == id }
    }

    @Test func `100 commits in 10 s end at the last one`() throws {
        let watch = try scene.start("watch")
        try eventually(within: .seconds(20), "the first revision") { try applied() != "" }
        var last = ""
        for amount in 1...100 { last = try scene.repository.commit(budget(amount)) }
        try eventually(within: .seconds(20), "the last of them: \(watch.errors)") { try applied() == last }
        #expect(!watch.errors.contains(" stuck "), "\(watch.errors)")
    }

    @Test func `a mirror that is kept although it is too large is told of, in the log and in status, until it is not`() throws {
        let watch = try scene.start("watch", "--repo", "file://\(scene.repository.path)", "--poll", "100ms", "--lease", "1s")
        try eventually(within: .seconds(20), "the first revision: \(watch.errors)") { try applied() != "" }
        let mirrors = scene.repository.root.appending(path: "state/mirror")
        let mirror = try #require(FileManager.default.contentsOfDirectory(at: mirrors, includingPropertiesForKeys: nil).first {
            FileManager.default.fileExists(atPath: $0.appending(path: "HEAD").path)
        })
        // More packs than a mirror may have, and an attempt at making it anew that came to nothing a moment ago; a look that saw the one
        // without the other would make it anew, or forget the attempt.
        watch.kill(SIGSTOP)
        try eventually(within: .seconds(10), "no look is under way") { try !Self.hasLivingChild(watch.pid) }
        let packs = mirror.appending(path: "objects/pack")
        try FileManager.default.createDirectory(at: packs, withIntermediateDirectories: true)
        try "the whole is too much".write(toFile: mirror.path + ".renewal", atomically: true, encoding: .utf8)
        for number in 1...401 { try Data().write(to: packs.appending(path: "pack-\(number).pack")) }
        watch.kill(SIGCONT)
        try eventually(within: .seconds(20), "the event: \(watch.errors)") { watch.errors.contains(" mirror_kept ") }
        try eventually(within: .seconds(20), "the condition") {
            let status = try scene.charter("status").output
            return status.contains("MirrorKept") && status.contains("could not be fetched anew: the whole is too much")
        }
        #expect(try scene.charter("status", "--json").output.contains(#""mirror_kept":"the mirror"#))
        for number in 1...401 { try FileManager.default.removeItem(at: packs.appending(path: "pack-\(number).pack")) }
        try eventually(within: .seconds(20), "all is well again") { try !scene.charter("status").output.contains("MirrorKept") }
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" mirror_kept ") } == 1)
        watch.kill(15)
        #expect(watch.wait(within: .seconds(5)) == 0)
    }

    @Test func `a dead remote keeps the last good revision, shown as SourceStale with its age`() throws {
        let address = "file://\(scene.repository.path)"
        let watch = try scene.start("watch", "--repo", address, "--poll", "100ms", "--lease", "1s")
        try eventually(within: .seconds(20), "the first revision: \(watch.errors)") { try applied() != "" }
        let before = try applied()
        #expect(try !scene.charter("status").output.contains("SourceStale:"))
        try FileManager.default.moveItem(atPath: scene.repository.path, toPath: scene.repository.path + ".away")
        try eventually(within: .seconds(30), "the trouble in status") {
            let said = try scene.charter("status").output
            return said.contains("SourceStale: nothing was read since ") && said.contains(" s ago")
        }
        #expect(try scene.charter("status", "--json").output.contains(#""stale_since":"20"#))
        #expect(try applied() == before)
        try FileManager.default.moveItem(atPath: scene.repository.path + ".away", toPath: scene.repository.path)
        try eventually(within: .seconds(30), "status is clean again: \(watch.errors)") {
            try !scene.charter("status").output.contains("SourceStale:")
        }
    }

    @Test func `the time of the last look is that of a look, and not of a renewal of the lead`() throws {
        let watch = try scene.start("watch", "--repo", "file://\(scene.repository.path)", "--poll", "1h", "--lease", "6s")
        try eventually(within: .seconds(20), "the first revision: \(watch.errors)") { try applied() != "" }
        func fetched() throws -> String { try scene.sql("SELECT coalesce(fetched_at::text, '') FROM charter.unit")[0] }
        func renewed() throws -> String { try scene.sql("SELECT max(expires_at)::text FROM charter.leader")[0] }
        func awaitRenewals() throws {
            for _ in 1...2 {
                let before = try renewed()
                try eventually(within: .seconds(10), "the lead is renewed") { try renewed() != before }
            }
        }
        // With the first of these the only look is written down.
        try awaitRenewals()
        let look = try fetched()
        try awaitRenewals()
        #expect(!watch.errors.contains(" lost_lead"))
        #expect(try fetched() == look, "\(watch.errors)")
    }

    /// What has ended and was not waited for, since its parent is stopped, does not count.
    private static func hasLivingChild(_ parent: Int32) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task").contains { thread in
            try String(contentsOfFile: "/proc/\(parent)/task/\(thread)/children", encoding: .utf8).split(separator: " ").contains { child in
                let status = try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)
                return status?.contains("State:\tZ") == false
            }
        }
    }
}
