import Reconciler
import Services
import Store
import TestKit
import Testing

struct DriftTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    @Test func `a field changed by hand is named with wanted and found, and put right by the next apply`() throws {
        try scene.sql(
            "UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'")
        let text = try DriftReport.page(Connection(scene.database)).text
        #expect(
            text.contains(
                #"spec.hard  wanted 100 USD/month, found 900 USD/month    orgs/acme/budgets/team.yaml:6:9"#))
        guard case .applied(let plan, let revision) = try scene.apply() else { throw Unexpected() }
        #expect(plan.tally.drifted == 1)
        #expect(plan.changes.isEmpty)
        #expect(revision.id == 2)
        #expect(try scene.drift().drift.isEmpty)
        #expect(try scene.sql("SELECT charter.state_digest()") == [revision.stateDigest])
    }

    @Test func `a row deleted by hand comes back with its uid`() throws {
        let uid = try scene.sql("SELECT uid FROM charter.resource WHERE name = 'team'")
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        #expect(try DriftReport.page(Connection(scene.database)).text.contains("acme/Budget/team  the row is gone"))
        try scene.apply()
        #expect(try scene.sql("SELECT uid FROM charter.resource WHERE name = 'team'") == uid)
    }

    @Test func `a row inserted by hand is unexpected and goes`() throws {
        try scene.sql(
            "INSERT INTO charter.resource SELECT org, kind, 'ghost', gen_random_uuid(), canonical, digest, revision, unit FROM charter.resource WHERE name = 'team'"
        )
        #expect(try DriftReport.page(Connection(scene.database)).text.contains("acme/Budget/ghost  no commit declares this row"))
        try scene.apply()
        #expect(try scene.sql("SELECT name FROM charter.resource WHERE name = 'ghost'") == [])
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test(arguments: [
        "UPDATE charter.resource SET name = 'renamed' WHERE name = 'team'",
        "UPDATE charter.resource SET canonical = 'not JSON' WHERE name = 'team'",
        "UPDATE charter.resource SET canonical = '[]' WHERE name = 'ada'",
        "UPDATE charter.resource SET canonical = canonical || ' ' WHERE name = 'team'",
        "UPDATE charter.resource SET digest = sha256('x') WHERE name = 'team'",
        "UPDATE charter.resource SET canonical = '{}', digest = sha256('x') WHERE name = 'team'",
        "UPDATE charter.resource SET uid = gen_random_uuid() WHERE name = 'team'",
        "UPDATE charter.resource SET org = 'other' WHERE name = 'ada'",
        "UPDATE charter.resource SET kind = 'Bogus' WHERE name = 'team'",
        "UPDATE charter.resource SET unit = 'other' WHERE name = 'team'",
        "INSERT INTO charter.resource SELECT org, 'Bogus', name, gen_random_uuid(), canonical, digest, 1, unit FROM charter.resource WHERE name = 'team'",
        "DELETE FROM charter.resource",
    ])
    func `whatever a hand does to the rows is found and put right`(statement: String) throws {
        let before = try scene.sql(
            "SELECT concat_ws('|', org, kind, name, uid, canonical, digest, unit) FROM charter.resource ORDER BY 1")
        try scene.sql(statement)
        #expect(try !scene.drift().drift.isEmpty)
        guard case .applied = try scene.apply() else { throw Unexpected() }
        #expect(try scene.drift().drift.isEmpty)
        #expect(
            try scene.sql(
                "SELECT concat_ws('|', org, kind, name, uid, canonical, digest, unit) FROM charter.resource ORDER BY 1")
                == before)
    }

    @Test func `drift and a commit to the same field are a conflict, shown apart`() throws {
        try scene.sql(
            "UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'team'")
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "400 USD/month")])
        guard case .planned(let plan, let blocks) = try scene.plan() else { throw Unexpected() }
        #expect(blocks == [])
        #expect(plan.drift.count == 1)
        #expect(plan.changes.count == 1)
        #expect(plan.text.contains("! spec.hard  100 USD/month → 400 USD/month"))
        #expect(plan.text.contains("conflict"))
        #expect(try scene.sql("SELECT canonical LIKE '%900 USD%' FROM charter.resource WHERE name = 'team'") == ["t"])
    }
}
