import Crypto
import Store
import TestKit
import Testing

@testable import Reconciler

/// Rows put right without a commit.
struct CorrectionTests {
    private func correct(_ scene: Scene) throws -> Correction? {
        let session = try scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(10)))
        defer { session.release(token) }
        return try session.correct(token: token)
    }

    private func insert(_ name: String, kind: String = "kind", _ scene: Scene) throws {
        try scene.sql(
            """
            INSERT INTO charter.resource SELECT org, \(kind), '\(name)', gen_random_uuid(), canonical, digest, revision, unit
            FROM charter.resource WHERE name = 'ada'
            """)
    }

    private func rows(_ scene: Scene) throws -> String {
        try scene.sql("SELECT string_agg(kind || ' ' || name, ', ' ORDER BY kind, name) FROM charter.resource WHERE org = 'acme'")[0]
    }

    @Test func `where first management is held back, what no revision put there stays, and the rest is put right`() throws {
        let it = try GuardScene("guards: { firstManagement: block }").scene
        try insert("ghost", it)
        try insert("shade", kind: "'Bogus'", it)
        try it.sql("DELETE FROM charter.resource WHERE name = 'team'")
        #expect(try correct(it)?.count == 1)
        let all = "Bogus shade, Budget team, Member ada, Member bo, Member ghost, Organization acme, Project search"
        #expect(try rows(it) == all)
        #expect(try correct(it) == nil, "nothing is left that may be put right")
        #expect(try it.sql("SELECT max(id) FROM charter.revision") == ["2"])
        #expect(try it.drift().drift.count == 2)
    }

    @Test func `a managed row waits with the one that took its name`() throws {
        let it = try GuardScene("guards: { firstManagement: block }").scene
        try it.sql("UPDATE charter.resource SET name = 'moved' WHERE name = 'bo'")
        try insert("bo", it)
        let before = try rows(it)
        #expect(try correct(it) == nil)
        #expect(try rows(it) == before)
    }

    @Test func `a plan says of rows of unknown kinds too that no commit put them there`() throws {
        let it = try GuardScene("guards: { firstManagement: block }")
        try insert("shade", kind: "'Bogus'", it.scene)
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        let plan = try #require(try it.blocked())
        #expect(plan.text.contains("blocked [G1010]: the database holds 1 resource that no commit put there"), "\(plan.text)")
        #expect(plan.text.contains("acme/Bogus/shade"))
    }

    @Test func `without that rule all is put right, under the unit's own commit and author`() throws {
        let it = try GuardScene().scene
        let other = try TestRepository()
        try other.commit(["orgs/acme/two.yaml": Declared.project("two", "Two")], message: "Not mine", author: "Zed <zed@example.com>")
        #expect(try it.charter("apply", "--unit", "other", "--repo", other.path).code == 0)
        try insert("ghost", it)
        try it.sql("DELETE FROM charter.resource WHERE name = 'team'")
        #expect(try correct(it)?.count == 2)
        #expect(try it.drift().drift.isEmpty)
        let revision = try it.sql("SELECT unit || ' ' || act || ' ' || author || ' ' || message || ' ' || parent FROM charter.revision WHERE id = 3")
        #expect(revision == ["default correct Ada Park <ada@example.com> First rules 2"])
        #expect(try it.sql("SELECT encode(state_digest, 'hex') FROM charter.revision WHERE id = 3") == it.sql("SELECT charter.state_digest()"))
    }

    @Test func `a plan's digest is the same for who remembers and who reads, also after rows were put right`() throws {
        let it = try GuardScene("protect: [{ kinds: [Project] }]").scene
        try it.sql("DELETE FROM charter.resource WHERE name = 'team'")
        #expect(try correct(it)?.count == 1)
        let session = try ReconcileSession(source: it.source, database: it.database, remembers: true)
        guard case .unchanged = try session.applyOnce(guardedBy: PlanGuard()) else { throw Unexpected() }
        try it.repository.commit(["orgs/acme/projects/search.yaml": nil])
        #expect(throws: Trouble.self) { try session.applyOnce(guardedBy: PlanGuard()) }
        guard case .planned(let plan, _) = try it.plan() else { throw Unexpected() }
        #expect(try it.sql("SELECT digest FROM charter.waiting_plan") == [plan.digest.hex])
    }

    @Test func `a row written by hand under another unit is that unit's to judge`() throws {
        let it = try GuardScene().scene
        let other = try TestRepository()
        let rules = GuardScene.charter("guards: { firstManagement: block }").replacing("name: test", with: "name: other")
        try other.commit(["charter.yaml": rules, "orgs/acme/two.yaml": Declared.project("two", "Two")])
        #expect(try it.charter("apply", "--unit", "other", "--repo", other.path).code == 0)
        try it.sql(
            """
            INSERT INTO charter.resource SELECT org, kind, 'ghost', gen_random_uuid(), canonical, digest, revision, unit
            FROM charter.resource WHERE name = 'two'
            """)
        #expect(try correct(it) == nil)
        try it.repository.commit(["orgs/acme/projects/search.yaml": nil])
        guard case .applied(let plan, _) = try it.apply() else { throw Unexpected() }
        #expect(plan.drift.isEmpty)
        #expect(try rows(it).contains("Project ghost"))
        let held = try it.charter("apply", "--unit", "other", "--repo", other.path)
        #expect(held.code == 1 && held.errors.contains("acme/Project/ghost"), "\(held.errors)")
    }

    @Test func `a unit that was never applied has nothing to put right`() throws {
        let it = try GuardScene().scene
        try insert("ghost", it)
        let session = try ReconcileSession(source: it.source, database: it.database, unit: "other")
        let token = try #require(try session.acquireLead(ttl: .seconds(10)))
        #expect(try session.correct(token: token) == nil)
        #expect(try rows(it).contains("ghost"))
    }

    @Test func `the leader's name is this process's alone, and the same for all its sessions`() throws {
        let it = try GuardScene().scene
        let name = try it.session().holder
        // The number is padded: whoever looks for a process's name in a text counts its digits.
        #expect(name.dropFirst(Operator.host.count).wholeMatch(of: /:\d+:[0-9a-f]{8}/) != nil && name.hasPrefix(Operator.host), "\(name)")
        #expect(try it.session().holder == name)
        let watch = try it.start("watch")
        try eventually(within: .seconds(20), "the lead: \(watch.errors)") {
            try it.sql("SELECT holder FROM charter.leader WHERE expires_at > now()").first?.split(separator: ":").count == 3
        }
    }
}
