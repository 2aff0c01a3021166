import Reconciler
import Spec
import Store
import TestKit
import Testing

/// Two repositories over one database.
struct UnitTests {
    let scene: Scene
    let globex: TestRepository

    private static let org = "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { plan: team }\n"
    private static let plan = "apiVersion: charter/v1\nkind: Plan\nmetadata: { name: team }\nspec: { limits: [100 requests/min] }\n"

    init() throws {
        scene = try Scene(Declared.platform.merging(["plans/team.yaml": Self.plan]) { $1 })
        globex = try TestRepository()
        try globex.commit([
            "orgs/globex/org.yaml": Self.org, "orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]"),
            "orgs/globex/p.yaml": Declared.project("p", "P"),
        ])
        if case .rejected(let rejection) = try scene.apply() { throw Rejected(text: rejection.text) }
    }

    private func source(_ repository: TestRepository) -> GitSource {
        var source = scene.source
        source.location = .path(repository.path)
        return source
    }

    private func session(remembers: Bool = false) throws -> ReconcileSession {
        try ReconcileSession(source: source(globex), database: scene.database, unit: "globex", remembers: remembers)
    }

    @discardableResult
    private func applyGlobex() throws -> ApplyOutcome { try session().applyOnce(guardedBy: PlanGuard()) }

    private func resources(_ unit: String) throws -> String {
        try scene.sql("SELECT count(*) FROM charter.resource WHERE unit = '\(unit)'")[0]
    }

    @Test func `each unit moves alone, and leaves the other's resources as they are`() throws {
        guard case .applied(let plan, let revision) = try applyGlobex() else { throw Unexpected() }
        #expect(plan.tally.created == 3 && plan.tally.deleted == 0 && plan.drift.isEmpty)
        #expect(revision.vector.keys.sorted() == ["default", "globex"])
        #expect(try resources("default") == "7" && resources("globex") == "3")
        #expect(try scene.sql("SELECT charter.state_digest()") == [revision.stateDigest])
        try scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        guard case .applied(let second, let next) = try scene.apply() else { throw Unexpected() }
        #expect(second.tally.deleted == 1 && second.population == 7)
        #expect(try resources("globex") == "3")
        #expect(try scene.sql("SELECT charter.state_digest()") == [next.stateDigest])
        guard case .unchanged = try applyGlobex() else { throw Unexpected() }
        guard case .unchanged = try scene.apply() else { throw Unexpected() }
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `a former name takes nothing over that another unit declares`() throws {
        try scene.repository.commit(["charter.yaml": GuardScene.charter("history: any")])
        try scene.apply()
        let rules = try scene.sql("SELECT uid, unit FROM charter.resource WHERE kind = 'Repository'")
        try globex.commit([
            "charter.yaml": "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: globex, previousNames: [test] }\nspec: {}\n"
        ])
        guard case .applied(let plan, _) = try applyGlobex() else { throw Unexpected() }
        #expect(plan.tally.created == 4 && plan.tally.renamed == 0)
        #expect(try scene.sql("SELECT uid, unit FROM charter.resource WHERE kind = 'Repository' AND name = 'test'") == rules)
    }

    @Test func `no unit breaks what another refers to, and both sides are named`() throws {
        try applyGlobex()
        try scene.repository.commit(["plans/team.yaml": nil])
        guard case .rejected(let rejection) = try scene.apply() else { throw Unexpected() }
        #expect(rejection.text.contains("orgs/globex/@globex/Organization-globex.yaml"), "\(rejection.text)")
        #expect(try scene.charter("plan").code == 1)
        #expect(try resources("default") == "7")
    }

    @Test func `nobody takes the address of a member whom another unit declares`() throws {
        try applyGlobex()
        let gus = Declared.member("gus", roles: "[developer]")
        try scene.repository.commit(["orgs/globex/gus.yaml": gus.replacing("gus@", with: "gil@")])
        guard case .rejected(let rejection) = try scene.apply() else { throw Unexpected() }
        #expect(rejection.text.contains("orgs/globex/gus.yaml") && rejection.text.contains("is that of the Member `gil` too"), "\(rejection.text)")
        try scene.repository.commit(["orgs/globex/gus.yaml": gus])
        guard case .applied = try scene.apply() else { throw Unexpected() }
        try globex.commit(["orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]").replacing("gil@", with: "gus@")])
        guard case .rejected(let other) = try applyGlobex() else { throw Unexpected() }
        #expect(other.text.contains("orgs/globex/gil.yaml") && other.text.contains("is that of the Member `gus` too"), "\(other.text)")
    }

    @Test func `a poison commit holds up only its unit, and a newer good one supersedes it`() throws {
        try applyGlobex()
        try globex.commit(["orgs/globex/p.yaml": "nonsense: ["])
        guard case .rejected = try applyGlobex() else { throw Unexpected() }
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        guard case .applied = try scene.apply() else { throw Unexpected() }
        let status = try scene.charter("status").output
        #expect(status.contains("unit default") && status.contains("unit globex") && status.contains("rejected   "))
        try globex.commit(["orgs/globex/p.yaml": Declared.project("p", "Better")])
        guard case .applied(let plan, _) = try applyGlobex() else { throw Unexpected() }
        #expect(plan.tally.updated == 1)
        #expect(try !scene.charter("status").output.contains("rejected   "))
    }

    /// CVE-2026-40886: a controller that met something poisonous at its start ended, and was started again, without end.
    @Test func `restart with a poison commit present still serves the others, and the unit itself once it is mended`() throws {
        try applyGlobex()
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": "nonsense: [\u{1}", "orgs/acme/deep.yaml": String(repeating: "{a: ", count: 5_000)])
        for round in 1...2 {
            let poisoned = try scene.start("watch", "--json", "--listen", "127.0.0.1:0")
            let other = try scene.start("watch", "--unit", "globex", "--repo", globex.path)
            try globex.commit(["orgs/globex/p.yaml": Declared.project("p", "Better \(round)")])
            try eventually(within: .seconds(20), "the other unit's commit: \(other.errors)") {
                try scene.sql("SELECT canonical FROM charter.resource WHERE unit = 'globex' AND kind = 'Project'")[0].contains("Better \(round)")
            }
            try eventually(within: .seconds(20), "the rejection: \(poisoned.errors)") { poisoned.errors.contains(#""event":"rejected""#) }
            let port = try ListeningWatch.port(of: poisoned)
            try eventually(within: .seconds(10), "it is well and ready") {
                try WebCall.send("GET", "/healthz", to: port).status == 200 && WebCall.send("GET", "/readyz", to: port).status == 200
            }
            #expect(try resources("default") == "7", "what was applied stays")
            if round == 2 {
                try scene.repository.commit([
                    "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month"), "orgs/acme/deep.yaml": nil,
                ])
                try eventually(within: .seconds(20), "the good commit: \(poisoned.errors)") { poisoned.errors.contains(#""event":"applied""#) }
            }
            for watch in [poisoned, other] {
                watch.kill(15)
                #expect(watch.wait(within: .seconds(10)) == 0)
            }
        }
    }

    @Test func `what an earlier version let a unit declare holds no other unit up`() throws {
        try globex.commit(["orgs/globex/hook.yaml": EventScene.organizationHook("own")])
        try applyGlobex()
        for column in ["history SET value = replace(value", "resource SET canonical = replace(canonical"] {
            try scene.sql("UPDATE charter.\(column), '\"url\"', '\"privateNetwork\":true,\"url\"') WHERE kind = 'Webhook'")
        }
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        guard case .applied = try scene.apply() else { throw Unexpected() }
        try globex.commit(["orgs/globex/p.yaml": Declared.project("p", "Better")])
        guard case .applied = try applyGlobex() else { throw Unexpected() }
    }

    @Test func `what one unit declares the other cannot`() throws {
        try applyGlobex()
        try globex.commit(["plans/team.yaml": Self.plan])
        guard case .rejected(let rejection) = try applyGlobex() else { throw Unexpected() }
        #expect(rejection.text.contains("plans/team.yaml:3:19: error: Plan `team` is declared already"), "\(rejection.text)")
        #expect(try scene.sql("SELECT unit FROM charter.resource WHERE name = 'team' AND kind = 'Plan'") == ["default"])
    }

    @Test func `the rules of a second unit need a name of their own`() throws {
        try globex.commit(["charter.yaml": GuardScene.charter("sync: auto")])
        guard case .rejected(let rejection) = try applyGlobex() else { throw Unexpected() }
        #expect(rejection.text.contains("charter.yaml:") && rejection.text.contains("the unit default declares -/Repository/test already"))
    }

    @Test func `each unit has its own rules, which judge it alone`() throws {
        try globex.commit(["charter.yaml": GuardScene.charter("sync: proposals").replacing("name: test", with: "name: globex")])
        guard case .applied = try applyGlobex() else { throw Unexpected() }
        try globex.commit(["orgs/globex/p.yaml": Declared.project("p", "Better")])
        #expect(throws: Trouble.self) { try applyGlobex() }
        let digest = try scene.sql("SELECT digest FROM charter.waiting_plan WHERE unit = 'globex'")[0]
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        guard case .applied = try scene.apply() else { throw Unexpected() }
        #expect(throws: Trouble.self) { try applyGlobex() }
        #expect(try scene.sql("SELECT digest FROM charter.waiting_plan") == [digest], "another unit's move voids no approval")
    }

    @Test func `both are watched at once, and one is suspended alone`() throws {
        let acme = try scene.start("watch")
        let other = try scene.start("watch", "--unit", "globex", "--repo", globex.path)
        try eventually(within: .seconds(10), "the second unit") { try resources("globex") == "3" }
        #expect(try scene.charter("suspend", "--reason", "x").code == 1, "which of the two")
        #expect(try scene.charter("suspend", "globex", "--reason", "x").code == 0)
        try globex.commit(["orgs/globex/p.yaml": nil])
        try scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        try eventually(within: .seconds(10), "the first unit's commit") { try resources("default") == "6" }
        try eventually(within: .seconds(10), "the word") { other.errors.contains(" suspended ") }
        #expect(try resources("globex") == "3")
        #expect(try scene.charter("resume", "globex").code == 0)
        try eventually(within: .seconds(10), "the second unit's commit") { try resources("globex") == "2" }
        #expect(!acme.errors.contains(" suspended "))
        #expect(try scene.sql("SELECT charter.state_digest()") == scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision ORDER BY id DESC LIMIT 1"))
    }

    @Test func `files in folders called like units are the commit's own`() throws {
        try applyGlobex()
        try scene.repository.commit([
            "orgs/acme/@globex/two.yaml": Declared.project("two", "Two"), "orgs/globex/@globex/Project-p.yaml": Declared.project("q", "Q"),
        ])
        guard case .applied(let plan, _) = try scene.apply() else { throw Unexpected() }
        #expect(plan.tally.created == 2 && plan.tally.deleted == 0)
        #expect(try resources("default") == "9" && resources("globex") == "3")
    }

    @Test func `one unit's rules on where kinds may stand say nothing of what others declare`() throws {
        try applyGlobex()
        try scene.repository.commit([
            "charter.yaml": GuardScene.charter("owners: [{ paths: [\"**\"], kinds: [Repository, Organization, Member, Budget, Plan] }, { paths: [\"orgs/acme/projects/**\"] }]")
        ])
        guard case .applied = try scene.apply() else { throw Unexpected() }
        try scene.repository.commit(["orgs/acme/x.yaml": Declared.project("x", "X")])
        guard case .rejected(let rejection) = try scene.apply() else { throw Unexpected() }
        #expect(rejection.text.contains("orgs/acme/x.yaml") && !rejection.text.contains("@globex"), "\(rejection.text)")
    }

    @Test func `a unit is not kept from moving by another that moves faster than its commit is validated`() throws {
        try applyGlobex()
        // Whenever the second unit is about to begin, the first has moved on.
        try scene.sql(
            """
            CREATE FUNCTION charter.hurry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                UPDATE charter.revision_head SET id = id + 1;
                INSERT INTO charter.revision (id, unit, commit, parent, vector, author, message, committed_at, state_digest)
                SELECT h.id, 'default', r.vector ->> 'default', r.id, r.vector, r.author, r.message, r.committed_at, r.state_digest
                FROM charter.revision_head h, charter.revision r ORDER BY r.id DESC LIMIT 1;
                RETURN NEW;
            END $$
            """)
        try scene.sql(
            """
            CREATE TRIGGER hurry AFTER UPDATE ON charter.leader FOR EACH ROW WHEN (NEW.name LIKE '%globex' AND NEW.token = OLD.token)
            EXECUTE FUNCTION charter.hurry()
            """)
        try globex.commit(["orgs/globex/p.yaml": Declared.project("p", "Better")])
        guard case .applied(let plan, let revision) = try applyGlobex() else { throw Unexpected() }
        #expect(plan.tally.updated == 1 && revision.id > 5, "revision \(revision.id)")
        try globex.commit(["orgs/globex/p.yaml": "nonsense: ["])
        guard case .rejected = try applyGlobex() else { throw Unexpected() }
    }

    @Test func `a folder of the same repository is a unit too`() throws {
        try scene.repository.commit(["teams/globex/orgs/globex/org.yaml": Self.org, "teams/globex/orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]")])
        let outcome = try scene.charter("apply", "--unit", "globex", "--folder", "teams/globex")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try resources("globex") == "2")
        #expect(try scene.sql("SELECT folder FROM charter.unit WHERE name = 'globex'") == ["teams/globex/"])
    }

    @Test func `a hand's change of one unit's row is put right by that unit alone`() throws {
        try applyGlobex()
        try scene.sql("UPDATE charter.resource SET canonical = '{}' WHERE name = 'p'")
        guard case .unchanged = try scene.apply() else { throw Unexpected() }
        guard case .applied(let plan, _) = try applyGlobex() else { throw Unexpected() }
        #expect(plan.drift.count == 1 && plan.changes.isEmpty)
        #expect(try scene.drift().drift.isEmpty)
    }
}
