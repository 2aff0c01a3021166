import Reconciler
import Spec
import Store
import TestKit
import Testing

struct ApplyTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    @Test func `the first apply creates everything and records commit and digest`() throws {
        guard case .applied(let plan, let revision) = try scene.apply() else { throw Unexpected() }
        #expect(plan.tally.created == 6)
        #expect(revision.id == 1)
        #expect(try scene.sql("SELECT commit FROM charter.revision") == [scene.repository.git("rev-parse", "HEAD")])
        #expect(try scene.sql("SELECT charter.state_digest()") == [revision.stateDigest])
        #expect(try scene.sql("SELECT min_engine <> '' FROM charter.revision") == ["t"])
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `a second apply of the same commit writes nothing`() throws {
        try scene.apply()
        let before = try scene.fingerprint()
        guard case .unchanged = try scene.apply() else { throw Unexpected() }
        #expect(try scene.fingerprint() == before)
    }

    @Test func `of many who apply at once, none brings an older commit after a newer one`() throws {
        let applies = try (1...8).map { number in
            try scene.repository.commit([
                "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(number) USD/month")
            ])
            return try scene.start("apply")
        }
        for apply in applies { #expect(apply.wait(within: .seconds(30)) != nil) }
        #expect(
            try scene.sql("SELECT commit FROM charter.revision ORDER BY id DESC LIMIT 1")
                == [scene.repository.git("rev-parse", "HEAD")])
    }

    @Test func `a commit touches the rows it changes and no other`() throws {
        try scene.apply()
        let before = try Set(scene.sql("SELECT name || xmin FROM charter.resource"))
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "200 USD/month")])
        guard case .applied(let plan, _) = try scene.apply() else { throw Unexpected() }
        #expect(plan.tally.updated == 1)
        let after = try Set(scene.sql("SELECT name || xmin FROM charter.resource"))
        #expect(after.subtracting(before).count == 1)
        #expect(
            try scene.sql("SELECT canonical LIKE '%200 USD/month%' FROM charter.resource WHERE name = 'team'") == ["t"])
        #expect(try scene.sql("SELECT op || field FROM charter.history WHERE revision = 2") == ["set/spec/hard"])
    }

    @Test func `a comment moves places and changes no resource`() throws {
        try scene.apply()
        let digest = try scene.sql("SELECT charter.state_digest()")
        let rows = try scene.sql("SELECT xmin FROM charter.resource ORDER BY name")
        try scene.repository.commit(
            ["orgs/acme/budgets/team.yaml": "# Why.\n" + Declared.budget("team", hard: "100 USD/month")],
            author: "Cy <cy@example.com>")
        guard case .applied(let plan, let revision) = try scene.apply() else { throw Unexpected() }
        #expect(plan.isEmpty)
        #expect(revision.id == 2)
        #expect(try scene.sql("SELECT charter.state_digest()") == digest)
        #expect(try scene.sql("SELECT xmin FROM charter.resource ORDER BY name") == rows)
        let places = try scene.sql(
            "SELECT line || author FROM charter.provenance p JOIN charter.resource r USING (uid) WHERE name = 'team' ORDER BY revision_from"
        )
        #expect(places == ["1Ada Park <ada@example.com>", "2Ada Park <ada@example.com>"])
    }

    @Test func `a rename keeps the uid, and so does a delete and re-add`() throws {
        try scene.apply()
        let uid = try scene.sql("SELECT uid FROM charter.resource WHERE name = 'team'")
        try scene.repository.commit([
            "orgs/acme/budgets/team.yaml": Declared.budget("crew", hard: "100 USD/month", previously: "team")
        ])
        guard case .applied(let plan, _) = try scene.apply() else { throw Unexpected() }
        #expect(plan.tally.renamed == 1)
        #expect(plan.text.contains("→ acme/Budget/team → acme/Budget/crew"))
        #expect(try scene.sql("SELECT uid FROM charter.resource WHERE name = 'crew'") == uid)
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": nil])
        try scene.apply()
        #expect(try scene.sql("SELECT uid FROM charter.resource WHERE kind = 'Budget'") == [])
        try scene.repository.commit(["orgs/acme/budgets/again.yaml": Declared.budget("crew", hard: "5 USD/month")])
        try scene.apply()
        #expect(try scene.sql("SELECT uid FROM charter.resource WHERE name = 'crew'") == uid)
    }

    @Test func `a resource is named after the commit and author that last changed it`() throws {
        try scene.apply()
        let changing = try scene.repository.commit(
            ["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], message: "Rename search",
            author: "Cy <cy@example.com>")
        try scene.repository.commit(["README.md": "later"], author: "Di <di@example.com>")
        try scene.apply()
        let blame = try scene.sql(
            """
            SELECT p.commit || ' ' || p.author || ' ' || p.summary FROM charter.provenance p JOIN charter.resource r USING (uid)
            WHERE r.name = 'search' ORDER BY p.revision_from DESC LIMIT 1
            """)
        #expect(blame == ["\(changing) Cy <cy@example.com> Rename search"])
    }

    @Test func `what a folder gives is named after the commit that changed the folder's defaults`() throws {
        func defaults(_ hard: String) -> String {
            "apiVersion: charter/v1\nkind: Budget\nspec:\n  hard: \(hard)\n  for: { organization: true }\n"
        }
        let bare = "apiVersion: charter/v1\nkind: Budget\nmetadata: { name: NAME }\n"
        try scene.repository.commit([
            "orgs/acme/more/_defaults.yaml": defaults("9 USD/month"),
            "orgs/acme/more/one.yaml": bare.replacing("NAME", with: "one"),
            "orgs/acme/more/two.yaml": bare.replacing("NAME", with: "two") + "spec: { hard: 2 USD/month }\n",
        ])
        try scene.apply()
        let changing = try scene.repository.commit(
            ["orgs/acme/more/_defaults.yaml": defaults("8 USD/month")], author: "Bo <bo@example.com>")
        try scene.repository.commit(["orgs/acme/more/_defaults.yaml": "# Why.\n" + defaults("8 USD/month")])
        guard case .applied(let plan, _) = try scene.apply() else { throw Unexpected() }
        #expect(plan.changes.map(\.key.name) == ["one"])
        #expect(plan.changes.first?.origin.id.hex == changing)
        #expect(plan.text.contains("orgs/acme/more/_defaults.yaml:5:9"))
        let stored = try scene.sql(
            """
            SELECT p.author || ' ' || (p.spans->>'/spec/hard') FROM charter.provenance p JOIN charter.resource r USING (uid)
            WHERE r.name IN ('one', 'two') ORDER BY r.name, p.revision_from
            """)
        #expect(stored == [
            "Ada Park <ada@example.com> [4, 9, \"orgs/acme/more/_defaults.yaml\"]",
            "Bo <bo@example.com> [5, 9, \"orgs/acme/more/_defaults.yaml\"]",
            "Ada Park <ada@example.com> [4, 15]",
            "Ada Park <ada@example.com> [4, 15]",
        ])
    }

    @Test func `of a file with several documents, each is named after the commit that changed it`() throws {
        try scene.apply()
        let bo = try scene.repository.commit(
            [
                "orgs/acme/members.yaml": Declared.member("ada", roles: "[admin]") + "---\n"
                    + Declared.member("bo", roles: "[viewer]")
            ],
            author: "Cy <cy@example.com>")
        let ada = try scene.repository.commit(
            [
                "orgs/acme/members.yaml": Declared.member("ada", roles: "[admin, viewer]") + "---\n"
                    + Declared.member("bo", roles: "[viewer]")
            ],
            author: "Di <di@example.com>")
        guard case .applied(let plan, _) = try scene.apply() else { throw Unexpected() }
        #expect(plan.changes.map(\.origin.id.hex) == [ada, bo])
        let gone = try scene.repository.commit([
            "orgs/acme/members.yaml": Declared.member("ada", roles: "[admin, viewer]")
        ])
        try scene.repository.commit(["orgs/acme/members.yaml": Declared.member("ada", roles: "[admin]")])
        guard case .applied(let next, _) = try scene.apply() else { throw Unexpected() }
        #expect(next.changes.map(\.key.name) == ["ada", "bo"])
        #expect(next.changes.last?.origin.id.hex == gone)
    }

    @Test func `a commit with mistakes changes nothing, is named by status, and a good one clears it`() throws {
        try scene.apply()
        let state = try scene.sql("SELECT xmin || resource::text FROM charter.resource")
        try scene.repository.commit([
            "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "100 USD/month") + "  hardd: 1\n  limits: 2\n"
        ])
        guard case .rejected(let rejection) = try scene.apply() else { throw Unexpected() }
        #expect(rejection.errorCount == 2)
        #expect(try scene.sql("SELECT xmin || resource::text FROM charter.resource") == state)
        let status = try StatusReport.read(Connection(scene.database)).text
        #expect(status.contains("orgs/acme/budgets/team.yaml:7:3: unknown field `hardd`"))
        #expect(status.contains("rejected"))
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "101 USD/month")])
        guard case .applied(_, let revision) = try scene.apply() else { throw Unexpected() }
        #expect(revision.id == 2)
        #expect(try !StatusReport.read(Connection(scene.database)).text.contains("rejected"))
    }

    @Test func `an apply that fails in the middle leaves the old revision whole`() throws {
        try scene.apply()
        let before = try scene.fingerprint()
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try scene.sql("ALTER TABLE charter.history ADD CONSTRAINT no_more CHECK (revision < 2)")
        #expect(throws: DatabaseError.self) { try scene.apply() }
        #expect(try scene.fingerprint() == before)
    }
}

struct Unexpected: Error {}
