import TestKit
import Testing

/// CVE-2026-40886: what cannot be taken lies in wait for every start.
struct PoisonCommitTests {
    private static let poisons = [
        ("no YAML", "orgs/acme/team.yaml", "spec: [\n"), ("an unknown kind", "orgs/acme/extra.yaml", "apiVersion: charter/v1\nkind: Nothing\n"),
        ("bytes that are no text", "orgs/acme/bytes.yaml", "a: \u{0}\u{1b}"),
    ]

    @Test func `a poisonous commit that is there at every start stops nothing, and the next good one goes through`() throws {
        let scene = try FaultScene()
        try scene.apply()
        let before = try scene.state()
        for (turn, (what, path, text)) in Self.poisons.enumerated() {
            try scene.repository.commit([path: text])
            for start in 1...2 {
                let watch = try scene.start("watch", "--lease", "1s")
                try eventually(within: .seconds(15), "\(what), start \(start): \(watch.errors)") { watch.errors.contains(" rejected ") }
                #expect(watch.isRunning)
                #expect(try scene.charter("status").output.contains("rejected"))
                watch.kill(9)
                _ = watch.wait(within: .seconds(5))
            }
            if turn == 0 { #expect(try scene.state() == before) }
            let watch = try scene.start("watch", "--lease", "1s")
            try scene.commit(turn + 2)
            try eventually(within: .seconds(20), "after \(what): \(watch.errors)") { try scene.applied == scene.tip }
            try expectNothing(scene.whatIsWrong())
        }
    }
}
