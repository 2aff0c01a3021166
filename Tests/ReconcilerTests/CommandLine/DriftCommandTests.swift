import TestKit
import Testing

/// `charter drift` and `charter migrate --drift-blame` as people type them.
struct DriftCommandTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    private func raise() throws {
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'")
    }

    @Test func `blame is begun, told and ended by migrate, and names the hand at once, before any scan`() throws {
        try raise()
        let before = try scene.charter("drift")
        #expect(before.code == 2 && before.output.contains("unattributed"), "\(before)")
        try scene.apply()
        #expect(try scene.charter("migrate", "--drift-blame").output.hasSuffix("Drift blame is on.\n"))
        #expect(try scene.charter("status").output.contains("drift blame is on"))
        try raise()
        let after = try scene.charter("drift")
        #expect(after.output.contains("UPDATE charter.resource SET canonical = replace(canonical, ?, ?) WHERE name = ?"), "\(after)")
        #expect(!after.output.contains("unattributed"))
        #expect(try scene.charter("migrate", "--no-drift-blame").code == 0)
        #expect(try !scene.charter("status").output.contains("drift blame"))
        #expect(try scene.charter("migrate", "--drift-blame", "--no-drift-blame").code == 2)
    }

    @Test func `exit codes tell drift from what only waits to be applied`() throws {
        #expect(try scene.charter("drift", "--pending").code == 0)
        try scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        #expect(try scene.charter("drift").code == 0)
        #expect(try scene.charter("drift", "--pending").code == 3)
        try raise()
        #expect(try scene.charter("drift", "--pending").code == 2)
        #expect(try scene.charter("drift", "frobnicate").code == 1)
        #expect(try scene.charter("drift", "--format", "xml").code == 1)
        #expect(try scene.charter("drift", "--format", "markdown").output.contains("| acme/Budget/team | spec.hard |"))
    }

    @Test func `watch keeps what it finds, leaves what is tolerated, and puts right what a person asks for`() throws {
        // Also what a watcher finds that has just started is for the mode to judge.
        try raise()
        let watch = try scene.start("watch", "--drift-interval", "100ms")
        let refused = try scene.charter("drift", "tolerate", "acme/Budget/none", "--for", "1h", "--reason", "x")
        #expect(refused.code == 1 && refused.errors.contains("no finding of acme/Budget/none is kept"), "\(refused)")
        try eventually(within: .seconds(20), "the finding: \(watch.errors)") {
            try scene.charter("drift", "list").output.contains("acme/Budget/team")
        }
        let tolerated = try scene.charter("drift", "tolerate", "acme/Budget/team#/spec/hard", "--for", "1h", "--reason", "the night", "--as", "mira")
        #expect(tolerated.code == 0, "\(tolerated)")
        #expect(try scene.charter("drift").output.contains("by mira: the night"))
        #expect(try scene.charter("drift", "--pending").code == 0, "what is tolerated is no change that waits")
        #expect(try scene.charter("drift", "revert", "acme/Budget/team", "--as", "mira").code == 0)
        try eventually(within: .seconds(20), "it is put right: \(watch.errors)") { try scene.charter("drift").code == 0 }
        try eventually(within: .seconds(20), "it is settled: \(watch.errors)") {
            try scene.charter("drift", "list", "--all", "--json").output.contains(#""state":"reverted""#)
        }
        #expect(try scene.sql("SELECT string_agg(action, ' ' ORDER BY sequence) FROM charter.audit WHERE actor = 'mira'") == ["drift.tolerated drift.revert_asked"])
    }
}
