import Foundation
import TestKit
import Testing

/// PostgreSQL on a disk that is full.
struct FullDiskTests {
    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount"))
    func `a full disk under PostgreSQL changes nothing, and when there is room it goes on`() throws {
        let disk = try SmallDisk(megabytes: 192)
        let server = try ControlledPostgres(parent: disk.path)
        let scene = try FaultScene(database: server.url())
        let watch = try scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(15), "the first state: \(watch.errors)") { try scene.applied == scene.tip }
        let before = try scene.state()
        try disk.fill()
        let many = (1...600).map { n in
            ("orgs/acme/many/m\(n).yaml", FaultScene.document("Project", "m\(n)", "{ displayName: \(String(repeating: "x", count: 100)) }"))
        }
        try scene.commit(2, Dictionary(uniqueKeysWithValues: many))
        try eventually(within: .seconds(20), "the trouble is told: \(watch.errors)") { watch.errors.contains("No space left on device") }
        usleep(3_000_000)
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" retrying ") } <= 4, "\(watch.errors)")
        // Nobody may apply anything before it is looked at what is there.
        watch.kill(19)
        try disk.free()
        // One that could not write its log any more ended itself.
        if (try? scene.state()) == nil { try server.start() }
        #expect(try scene.state() == before)
        watch.kill(18)
        try eventually(within: .seconds(40), "it goes on: \(watch.errors)") { try scene.applied == scene.tip }
        try expectNothing(scene.whatIsWrong())
        watch.kill(15)
        #expect(watch.wait(within: .seconds(15)) == 0)
    }
}
