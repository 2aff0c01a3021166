import Reconciler
import Spec
import Store
import TestKit
import Testing

/// Units that stand still for a time.
struct SuspensionTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    private func revision() throws -> String { try scene.sql("SELECT max(id) FROM charter.revision")[0] }

    private func change(_ amount: Int) throws {
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(amount) USD/month")])
    }

    @Test func `nothing is applied to a suspended unit, and status says who and why`() throws {
        let outcome = try scene.charter("suspend", "--reason", "moving house", "--as", "mira", "--for", "1h")
        #expect(outcome.code == 0, "\(outcome.errors)")
        try change(7)
        let apply = try scene.charter("apply")
        #expect(apply.code == 1)
        #expect(apply.errors.contains("unit default is suspended by mira since ") && apply.errors.contains(": moving house"))
        #expect(try revision() == "1")
        let status = try scene.charter("status").output
        #expect(status.contains("SUSPENDED  by mira") && status.contains("moving house") && status.contains("until 2"))
        #expect(try scene.charter("status", "--json").output.contains(#""suspended":{"by":"mira","reason":"moving house","#))
        #expect(try scene.charter("resume", "default", "--as", "mira").code == 0)
        #expect(try scene.charter("apply").code == 0)
        #expect(try revision() == "2")
        let acts = try scene.sql("SELECT action || ' ' || actor FROM charter.audit WHERE action LIKE 'unit.%' ORDER BY sequence")
        #expect(acts == ["unit.suspended mira", "unit.resumed mira"])
    }

    @Test func `charter watch obeys at once, and goes on when it is resumed`() throws {
        let watch = try scene.start("watch")
        try change(7)
        try eventually(within: .seconds(10), "the second revision") { try revision() == "2" }
        #expect(try scene.charter("suspend", "--reason", "moving house").code == 0)
        try change(8)
        try eventually(within: .seconds(5), "the word") { watch.errors.contains(" suspended unit=\"default\"") }
        #expect(try revision() == "2")
        #expect(try scene.charter("resume").code == 0)
        try eventually(within: .seconds(5), "the third revision") { try revision() == "3" }
        #expect(watch.errors.contains(" resumed "))
    }

    @Test func `how long it lasts is counted by the database's clock`() throws {
        try scene.apply()
        #expect(try scene.charter("suspend", "--reason", "a while", "--for", "1h").code == 0)
        // The beginning is the database's own; what a process counts by its clock is some milliseconds off at least.
        #expect(try scene.sql("SELECT abs(extract(epoch FROM until - since) - 3600) <= 0.001 FROM charter.suspension") == ["t"])
    }

    @Test func `a suspension ends by itself`() throws {
        let watch = try scene.start("watch")
        #expect(try scene.charter("suspend", "--reason", "a moment", "--for", "2s").code == 0)
        try change(7)
        try eventually(within: .seconds(10), "the second revision") { try revision() == "2" }
        #expect(watch.errors.contains(" suspended "))
        #expect(try !scene.charter("status").output.contains("SUSPENDED"))
    }

    @Test func `drift is reported and not put right while a unit is suspended`() throws {
        try scene.repository.commit(["charter.yaml": Declared.platform["charter.yaml"]!.replacing("report", with: "correct")])
        try scene.apply()
        #expect(try scene.charter("suspend", "--reason", "looking into it").code == 0)
        let watch = try scene.start("watch", "--drift-interval", "50ms")
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        try eventually(within: .seconds(10), "the report") { watch.errors.contains(" drifted ") }
        #expect(try scene.sql("SELECT count(*) FROM charter.resource WHERE name = 'team'") == ["0"])
        #expect(throws: Trouble.self) { try scene.session().applyOnce(guardedBy: PlanGuard()) }
    }

    @Test(arguments: [
        (["suspend"], 2), (["suspend", "--reason", "x", "--until", "soon"], 2), (["suspend", "--reason", "x", "--for", "1h", "--until", "2030-01-01"], 2),
        (["suspend", "nowhere", "--reason", "x"], 1), (["suspend", "--reason", "x", "--until", "2020-01-01"], 1), (["resume"], 0),
    ])
    func `a mistaken suspension is refused`(words: [String], code: Int) throws {
        let outcome = try Subprocess.run(
            [Programs.charter] + words, environment: ["CHARTER_DATABASE_URL": scene.database, "SWIFT_BACKTRACE": "enable=no"])
        #expect(Int(outcome.code) == code, "\(outcome.output) \(outcome.errors)")
        #expect(try scene.sql("SELECT count(*) FROM charter.suspension") == ["0"])
    }
}
