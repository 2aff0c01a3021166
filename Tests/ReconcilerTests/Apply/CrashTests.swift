import Reconciler
import Store
import TestKit
import Testing

/// `kill -9` of the real program at every named point of an apply.
struct CrashTests {
    @Test(arguments: [Failpoint.beforeApply, .midApply, .beforeCommit])
    func `a reconciler killed before COMMIT leaves the old revision whole, and the next one converges`(point: Failpoint)
        throws
    {
        let scene = try Scene()
        try scene.apply()
        let before = try scene.fingerprint()
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        let killed = try scene.charter("apply", environment: [Failpoint.variable: point.rawValue])
        #expect(killed.code == -9)
        #expect(try scene.fingerprint() == before)
        let next = try scene.charter("apply")
        #expect(next.code == 0, "\(next.errors)")
        #expect(
            try scene.sql("SELECT canonical LIKE '%7 USD/month%' FROM charter.resource WHERE name = 'team'") == ["t"])
        #expect(try scene.sql("SELECT max(id) FROM charter.revision") == ["2"])
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `a reconciler killed after COMMIT has applied everything`() throws {
        let scene = try Scene()
        let killed = try scene.charter("apply", environment: [Failpoint.variable: Failpoint.afterApply.rawValue])
        #expect(killed.code == -9)
        #expect(try scene.sql("SELECT max(id) FROM charter.revision") == ["1"])
        #expect(try scene.drift().drift.isEmpty)
        guard case .unchanged = try scene.apply() else { throw Unexpected() }
    }

    @Test func `a leader that froze past its lease cannot write`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        let frozen = try scene.start("watch", "--lease", "1s", environment: [Failpoint.variable: "apply:begin=stop"])
        try eventually(within: .seconds(10), "the first reconciler leads") { frozen.errors.contains(" led ") }
        let other = try scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(10), "the second reconciler applies") { other.errors.contains(" applied ") }
        let state = try scene.sql("SELECT xmin || resource::text FROM charter.resource")
        let revisions = try scene.sql("SELECT count(*) FROM charter.revision")
        frozen.kill(18)
        try eventually(within: .seconds(10), "the first notices") { frozen.errors.contains(" lost_lead") }
        #expect(try scene.sql("SELECT xmin || resource::text FROM charter.resource") == state)
        #expect(try scene.sql("SELECT count(*) FROM charter.revision") == revisions)
        #expect(!frozen.errors.contains(" applied "))
    }
}
