import TestKit
import Testing

@testable import Reconciler

/// Rows that were in the database before the first commit.
struct FirstManagementTests {
    /// A database that holds one row of what another one applied, changed by `edit`, and a repository that was never applied to it.
    private func scene(_ rules: String = "", edit: (String) -> String = { $0 }, name: String = "search") throws -> Scene {
        let other = try Scene()
        try other.apply()
        let row = try other.sql("SELECT canonical FROM charter.resource WHERE name = 'search'")[0]
        var files = Declared.platform
        files["charter.yaml"] = GuardScene.charter(rules)
        let scene = try Scene(files)
        try scene.sql(
            """
            INSERT INTO charter.resource (org, kind, name, uid, canonical, digest, revision, unit)
            VALUES ('acme', 'Project', '\(name)', gen_random_uuid(), '\(edit(row))', decode(repeat('00', 32), 'hex'), 0, 'default')
            """)
        return scene
    }

    private func renamed(_ text: String) -> String { text.replacing("Search", with: "Other") }

    @Test func `the first revision takes over nothing that differs, until somebody says so`() throws {
        let scene = try scene(edit: renamed)
        let held = try scene.charter("apply")
        #expect(held.code == 1)
        #expect(held.errors.contains("blocked [G1010]: the database holds 1 resource that no commit put there"), "\(held.errors)")
        #expect(held.errors.contains("acme/Project/search"), "\(held.errors)")
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["1"])
        let plan = try scene.charter("plan").output
        #expect(plan.contains("Blocked [G1010]: "), "\(plan)")
        let digest = try scene.sql("SELECT digest FROM charter.waiting_plan")[0]
        #expect(try scene.charter("apply", "--approve", digest).code == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["6"])
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `a row that the first revision would delete holds it back too`() throws {
        let held = try scene(name: "forgotten").charter("apply")
        #expect(held.code == 1 && held.errors.contains("[G1010]") && held.errors.contains("acme/Project/forgotten"), "\(held.errors)")
    }

    @Test func `a row that says what the commit declares holds nothing back`() throws {
        let scene = try scene()
        #expect(try scene.charter("apply").code == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["6"])
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `block holds such a row back as well`() throws {
        #expect(try scene("guards: { firstManagement: block }").charter("apply").errors.contains("[G1010]"))
    }

    @Test func `allow takes over what is there, and is not told from silence once it is applied`() throws {
        let scene = try scene("guards: { firstManagement: allow }", edit: renamed)
        #expect(try scene.charter("apply").code == 0)
        let silent = try GuardScene("guards: { adminsMin: 1 }").scene
        let rules = "SELECT canonical FROM charter.resource WHERE kind = 'Repository'"
        #expect(try scene.sql(rules) == silent.sql(rules))
    }

    @Test func `what was applied once goes on putting right what hands wrote`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.sql(
            """
            INSERT INTO charter.resource SELECT org, kind, 'ghost', gen_random_uuid(), canonical, digest, revision, unit
            FROM charter.resource WHERE name = 'search'
            """)
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        #expect(try scene.charter("apply").code == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.resource WHERE name = 'ghost'") == ["0"])
    }

    @Test func `another unit's first revision is held back by its own rows alone`() throws {
        let scene = try Scene()
        try scene.apply()
        let other = try TestRepository()
        try other.commit(["orgs/beta/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: beta }\nspec: { displayName: Beta }\n"])
        #expect(try scene.charter("apply", "--unit", "other", "--repo", other.path).code == 0)
    }
}
