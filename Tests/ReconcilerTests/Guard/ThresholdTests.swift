import Reconciler
import Spec
import Store
import TestKit
import Testing

/// What `guards` and `protect` of the applied `charter.yaml` hold back.
struct ThresholdTests {
    private func removeProjects(_ count: Int, of scene: Scene) throws {
        for number in 0..<count { try scene.repository.git("rm", "-q", "orgs/acme/projects/p\(number).yaml") }
        try scene.repository.commitAll()
    }

    private static func projects(_ count: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ("orgs/acme/projects/p\($0).yaml", Declared.project("p\($0)", "P")) })
    }

    @Test(arguments: [
        ("", 4, 0), ("", 5, 1), ("guards: { deletions: { share: 10% } }", 2, 1), ("guards: { deletions: { share: 90% } }", 10, 0),
        ("guards: { deletions: { count: 3 } }", 3, 0), ("guards: { deletions: { count: 3 } }", 4, 1),
    ])
    func `deletions are bounded by the share and the number that the rules name`(rules: String, deleted: Int, blocks: Int) throws {
        let it = try GuardScene(rules, Self.projects(10))
        try removeProjects(deleted, of: it.scene)
        let plan = try it.blocked()
        #expect(plan?.blocks.count ?? 0 == blocks)
        if let plan { #expect(plan.blocks[0].code == "G1002" && plan.text.contains("would delete \(deleted) of 16 resources, ")) }
    }

    @Test func `the rules applied last judge, not those that the commit brings`() throws {
        let it = try GuardScene("guards: { deletions: { count: 0 } }")
        try it.scene.repository.commit([
            "charter.yaml": GuardScene.charter("guards: { deletions: { count: 100 } }"),
            "orgs/acme/projects/search.yaml": nil,
        ])
        #expect(try it.codes() == ["G1002"])
    }

    @Test func `an organization keeps three quarters of its members`() throws {
        let names = (0..<11).map { "m\($0)" }
        var members = Dictionary(uniqueKeysWithValues: names.map { ("orgs/acme/\($0).yaml", Optional(Declared.member($0, roles: "[developer]"))) })
        let it = try GuardScene("", members.compactMapValues { $0 })
        for name in names.prefix(4) { members["orgs/acme/\(name).yaml"] = .some(nil) }
        try it.scene.repository.commit(members)
        let plan = try it.blocked()
        #expect(plan?.blocks == [.removedMembers(org: "acme", removed: 4, population: 13, shareMax: 2500)])
        #expect(plan?.text.contains("would remove 4 of the 13 members of acme, 30.76 % (limit 25 %)") == true)
    }

    @Test func `an admin by group and one by an inherited role count`() throws {
        let roles = "apiVersion: charter/v1\nkind: Role\nmetadata: { name: boss }\nspec: { permissions: [usage.read], inherits: [admin] }\n"
        let group = "apiVersion: charter/v1\nkind: Member\nmetadata: { name: leads }\nspec: { type: group, members: [bo], roles: [boss] }\n"
        let it = try GuardScene("", ["orgs/acme/boss.yaml": roles, "orgs/acme/leads.yaml": group])
        let bo = Declared.member("bo", roles: "[developer]")
        try it.scene.repository.commit(["orgs/acme/members.yaml": Declared.member("ada", roles: "[developer]") + "---\n" + bo])
        #expect(try it.codes() == [], "bo is admin through the group")
        try it.scene.repository.commit(["orgs/acme/leads.yaml": group.replacing("roles: [boss]", with: "roles: [viewer]")])
        let plan = try it.blocked()
        #expect(plan?.blocks == [.lastAdmin(org: "acme", left: [], min: 1, leaving: ["bo"])])
    }

    @Test func `as many admins are kept as the rules ask for`() throws {
        let both = Declared.member("ada", roles: "[admin]") + "---\n" + Declared.member("bo", roles: "[admin]")
        let it = try GuardScene("guards: { adminsMin: 2 }", ["orgs/acme/members.yaml": both])
        try it.scene.repository.commit(["orgs/acme/members.yaml": Declared.platform["orgs/acme/members.yaml"]])
        #expect(try it.blocked()?.text.contains("would have 1 admin, fewer than the 2 that charter.yaml asks for") == true)
    }

    @Test func `a protected resource is neither deleted nor taken out of protection`() throws {
        let rules = "protect:\n  - { kinds: [Project], names: [\"sea*\"] }\n  - { kinds: [Budget], against: [change] }"
        let it = try GuardScene(rules)
        try it.scene.repository.commit([
            "charter.yaml": GuardScene.charter(""), "orgs/acme/projects/search.yaml": nil,
            "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month"),
        ])
        let plan = try #require(try it.blocked())
        #expect(plan.blocks.map(\.code) == ["G1006"])
        #expect(plan.text.contains("2 protected resources would be touched: acme/Budget/team changed (protected at charter.yaml:8:7), acme/Project/search deleted"))
        try it.scene.repository.git("reset", "-q", "--hard", "HEAD~1")
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("find, previousNames: [search]", "Search")])
        #expect(try it.blocked()?.text.contains("acme/Project/search taken out of protection") == true)
        try it.scene.repository.git("reset", "-q", "--hard", "HEAD~1")
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Look")])
        #expect(try it.codes() == [], "only deletion is against the rule")
    }

    @Test func `a key in use is not deleted, an unused one is`() throws {
        let it = try GuardScene(
            "guards: { keysUsedWithin: 7d }", ["orgs/acme/k1.yaml": GuardScene.key("k1"), "orgs/acme/k2.yaml": GuardScene.key("k2")])
        try use(it.scene, key: "k1", hoursAgo: 48)
        try use(it.scene, key: "k2", hoursAgo: 24 * 9)
        try it.scene.repository.commit(["orgs/acme/k2.yaml": nil])
        #expect(try it.codes() == [])
        try it.scene.repository.commit(["orgs/acme/k1.yaml": nil])
        let plan = try #require(try it.blocked())
        #expect(plan.blocks.map(\.code) == ["G1007"])
        #expect(plan.text.contains("would delete 1 key used within the last 7d: acme/APIKey/k1 (3 requests, the last in the hour of "))
    }

    @Test func `without a rule one key in use may go, as one that leaked must, and no two at once`() throws {
        let names = ["k1", "k2", "k3"]
        let it = try GuardScene("", Dictionary(uniqueKeysWithValues: names.map { ("orgs/acme/\($0).yaml", GuardScene.key($0)) }))
        for name in names { try use(it.scene, key: name, hoursAgo: name == "k3" ? 24 * 9 : 48) }
        try it.scene.repository.commit(["orgs/acme/k1.yaml": nil, "orgs/acme/k2.yaml": nil])
        #expect(try it.blocked()?.text.contains("blocked [G1007]: would delete 2 keys used within the last 7d: acme/APIKey/k1 (3 requests") == true)
        try it.scene.repository.git("reset", "-q", "--hard", "HEAD~1")
        try it.scene.repository.commit(["orgs/acme/k1.yaml": nil, "orgs/acme/k3.yaml": nil])
        #expect(try it.codes() == [])
    }

    @Test func `without a rule a model in use stays in a catalog too`() throws {
        let it = try GuardScene("", ["p.yaml": Self.provider, "c.yaml": Self.catalog("a: {}, b: {}")])
        try use(it.scene, key: nil, model: "openai/a", hoursAgo: 24 * 6)
        try use(it.scene, key: nil, model: "openai/b", hoursAgo: 24 * 8)
        try it.scene.repository.commit(["c.yaml": Self.catalog("a: {}")])
        #expect(try it.codes() == [])
        try it.scene.repository.commit(["c.yaml": Self.catalog("c: {}")])
        #expect(try it.blocked()?.text.contains("blocked [G1008]: would delete 1 model used within the last 7d: openai/a (3 requests") == true)
    }

    private static let provider =
        "apiVersion: charter/v1\nkind: Provider\nmetadata: { name: openai }\nspec: { type: openai, baseURL: \"https://api.openai.com/v1\", credential: { env: K } }\n"

    private static func catalog(_ models: String) -> String {
        "apiVersion: charter/v1\nkind: ModelCatalog\nmetadata: { name: openai }\nspec: { provider: openai, models: { \(models) } }\n"
    }

    @Test func `a model in use stays in a catalog`() throws {
        let it = try GuardScene(
            "guards: { modelsUsedWithin: 7d }", ["p.yaml": Self.provider, "c.yaml": Self.catalog("a: {}, b: {}, c: {}")])
        try use(it.scene, key: nil, model: "openai/a", hoursAgo: 1)
        try it.scene.repository.commit(["c.yaml": Self.catalog("a: {}, c: {}")])
        #expect(try it.codes() == [])
        try it.scene.repository.commit(["c.yaml": Self.catalog("c: {}")])
        #expect(try it.blocked()?.text.contains("blocked [G1008]: would delete 1 model used within the last 7d: openai/a (3 requests") == true)
    }

    @Test func `a budget is not cut below what is spent of it`() throws {
        let it = try GuardScene("guards: { budgetsBelowSpent: block }")
        let connection = try Connection(it.scene.database)
        try connection.transaction { try UsagePartitions.ensure($0, for: [Instant.now]) }
        try it.scene.sql(
            """
            INSERT INTO charter.usage (at, epoch, org_uid, key_uid, org, key, decision, attempt, endpoint, requested_model, model,
                status, input, output, cache_read, cache_write, reasoning, other_meters, tokens, requests, cost, estimated, revision,
                price_version, latency_ms, detail)
            SELECT now(), 1, uid, uid, 'acme', 'k', 'd', 1, 'chat', 'm', 'p/m', 200, 1, 1, 0, 0, 0, '{}', 2, 1, 40000000000, false, 1, '', 1, '{}'
            FROM charter.resource WHERE kind = 'Organization'
            """)
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "50 USD/month")])
        #expect(try it.codes() == [])
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "30 USD/month")])
        #expect(
            try it.blocked()?.text.contains(
                "blocked [G1009]: 1 budget would be below what is spent already: acme/Budget/team at 30 USD/month, of which 40 USD is spent") == true)
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "60 USD/month")])
        #expect(try it.codes() == [])
    }

    @Test func `what the database holds already is reported before it is taken over`() throws {
        var files = Declared.platform
        files["charter.yaml"] = GuardScene.charter("guards: { firstManagement: block }")
        let scene = try Scene(files)
        let other = try Scene()
        try other.apply()
        let row = try other.sql("SELECT canonical FROM charter.resource WHERE name = 'search'")[0]
        try scene.sql(
            """
            INSERT INTO charter.resource (org, kind, name, uid, canonical, digest, revision, unit)
            VALUES ('acme', 'Project', 'search', gen_random_uuid(), '\(row)', decode(repeat('00', 32), 'hex'), 0, 'default')
            """)
        let outcome = try scene.charter("apply")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("blocked [G1010]: the database holds 1 resource that no commit put there"), "\(outcome.errors)")
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["1"])
        let digest = try scene.sql("SELECT digest FROM charter.waiting_plan")[0]
        #expect(try scene.charter("apply", "--approve", digest).code == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["6"])
    }

    @Test func `prune confirm waits, and for single kinds prune says something else`() throws {
        let it = try GuardScene("prune: confirm\npruneFor: { Budget: true, Project: false }", ["orgs/acme/r.yaml": Self.role])
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": nil, "orgs/acme/projects/search.yaml": nil])
        #expect(try it.codes() == [])
        #expect(try it.scene.sql("SELECT name FROM charter.resource WHERE name IN ('team', 'search')") == ["search"])
        try it.scene.repository.commit(["orgs/acme/r.yaml": nil, "charter.yaml": GuardScene.charter("")])
        let plan = try #require(try it.blocked())
        #expect(plan.blocks.first?.code == "G1013" && plan.text.contains("acme/Role/r"))
    }

    private static let role = "apiVersion: charter/v1\nkind: Role\nmetadata: { name: r }\nspec: { permissions: [usage.read] }\n"

    private func use(_ scene: Scene, key: String?, model: String = "openai/x", hoursAgo: Int) throws {
        let uid = key.map { "(SELECT uid FROM charter.resource WHERE name = '\($0)')" } ?? "gen_random_uuid()"
        try scene.sql(
            """
            INSERT INTO charter.usage_hour (org_uid, hour, project_uid, member_uid, key_uid, model, route, endpoint, tags_id, tags, org,
                project, member, key, attempts, requests, tokens, input, output, cache_read, cache_write, reasoning, cost, errors,
                estimated, flagged)
            SELECT gen_random_uuid(), date_trunc('hour', now()) - interval '\(hoursAgo) hours', u, u, \(uid), '\(model)', '', '', u, '{}',
                '', '', '', '', 3, 3, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0
            FROM gen_random_uuid() u
            """)
    }
}
