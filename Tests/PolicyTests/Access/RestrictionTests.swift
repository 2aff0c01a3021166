import Policy
import Spec
import Testing

/// What an organization, its plan and a project take away from the keys below them.
@Suite struct RestrictionTests {
    /// A world whose organization has a spec, with a plan and a project beside it.
    private func world(
        organization: String = "", plan: String = "", project: String? = nil, key: String = "", more: String = ""
    ) -> World {
        let spec = ([organization] + (plan.isEmpty ? [] : ["plan: small"])).filter { !$0.isEmpty }.joined(separator: ", ")
        var files = ["orgs/acme/org.yaml": World.acme.replacing("spec: {}", with: "spec: { \(spec) }") + "\n---\n" + more]
        if !plan.isEmpty { files["plans.yaml"] = Self.resource("Plan", "small", plan) }
        if let project { files["orgs/acme/project.yaml"] = Self.resource("Project", "web", project) }
        return World(key: key + (project == nil ? "" : "\n  project: web"), files: files)
    }

    private static func resource(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: { \(spec) }\n"
    }

    private func refusal(_ world: World, _ facts: RequestFacts = .chat()) throws -> Refusal? {
        try world.snapshot().admit(facts).failure
    }

    private func from(_ address: [UInt8]?) -> RequestFacts {
        var facts = RequestFacts.chat()
        facts.client = address.flatMap { ClientAddress(bytes: $0) }
        return facts
    }

    @Test func `a denied network is refused, whatever is allowed`() throws {
        let key = "  networks: [10.0.0.0/8]\n  denyNetworks: [10.9.0.0/16]"
        #expect(try refusal(world(key: key), from([10, 1, 0, 1])) == nil)
        let denied = try #require(try refusal(world(key: key), from([10, 9, 0, 1])))
        #expect(denied.code == .networkDenied)
        #expect(denied.rule?.field == "/spec/denyNetworks")
        #expect(denied.rule?.origin?.line == 9)
        #expect(try refusal(world(key: key), from([11, 1, 0, 1]))?.rule?.field == "/spec/networks")
    }

    @Test func `a key that denies networks is refused where the address is not known`() throws {
        let key = "  denyNetworks: [10.9.0.0/16]"
        #expect(try refusal(world(key: key), from([192, 0, 2, 1])) == nil)
        #expect(try refusal(world(key: key), from(nil))?.rule?.field == "/spec/denyNetworks")
    }

    @Test func `keys without networks have those of their organization`() throws {
        let organization = "keyDefaults: { networks: [10.0.0.0/8] }"
        let denied = try #require(try refusal(world(organization: organization), from([192, 0, 2, 1])))
        #expect(denied.code == .networkDenied)
        #expect(denied.rule?.field == "/spec/keyDefaults/networks")
        #expect(denied.rule?.origin?.path == "orgs/acme/org.yaml")
        #expect(try refusal(world(organization: organization), from([10, 1, 1, 1])) == nil)
        let own = world(organization: organization, key: "  networks: [192.0.2.0/24]")
        #expect(try refusal(own, from([192, 0, 2, 1])) == nil)
        #expect(try refusal(own, from([10, 1, 1, 1]))?.rule?.field == "/spec/networks")
    }

    @Test(arguments: [
        ("models: { allow: [\"vllm/*\"] }", "", "/spec/models/allow", Kind.organization),
        ("models: { deny: [openai/gpt-4o] }", "", "/spec/models/deny/0", .organization),
        ("", "models: { deny: [\"openai/*\"] }", "/spec/models/deny/0", .plan),
        ("models: { allow: [\"*\"] }", "models: { allow: [vllm/llama] }", "/spec/models/allow", .plan),
        ("residency: { eu: \"true\" }", "", "/spec/residency", .organization),
    ])
    func `an organization's and its plan's models bind its keys`(
        organization: String, plan: String, field: String, kind: Kind
    ) throws {
        let world = world(organization: organization, plan: plan)
        let refusal = try #require(try refusal(world))
        #expect(refusal.code == .modelNotAllowed)
        #expect(refusal.rule?.field == field)
        #expect(refusal.rule?.resource.kind == kind)
        #expect(try self.refusal(world, .chat("vllm/llama")) == nil)
        let snapshot = try world.snapshot()
        #expect(!snapshot.models(for: try snapshot.caller()).contains { $0.id == "openai/gpt-4o" })
        // A route goes on without the targets that are not open.
        #expect(try snapshot.admit(.chat("assistant")).get().grant.models.first?.qualifiedName == "vllm/llama")
    }

    @Test func `a model must have every label of the residency`() throws {
        let refusal = try refusal(world(organization: "residency: { eu: \"true\", tier: gold }"), .chat("vllm/llama"))
        #expect(refusal?.rule?.field == "/spec/residency")
    }

    @Test func `a project's members alone own its keys, also through groups`() throws {
        let group = Self.resource("Member", "team", "type: group, members: [sam]")
        let suspended = Self.resource("Member", "team", "type: group, members: [sam], suspend: { reason: away }")
        #expect(try refusal(world(project: "members: [sam]")) == nil)
        #expect(try refusal(world(project: "members: []")) == nil)
        #expect(try refusal(world(project: "members: [team]", more: group)) == nil)
        let denied = try #require(try refusal(world(project: "members: [eve]")))
        #expect(denied.code == .roleDenied)
        #expect(denied.rule?.resource == ResourceKey(org: "acme", kind: .project, name: "web"))
        #expect(denied.rule?.field == "/spec/members")
        #expect(try refusal(world(project: "members: [team]", more: suspended))?.rule?.field == "/spec/members")
        #expect(try world(project: "members: [eve]").compile().diagnostics.map(\.code) == [.keyWithoutPermission])
    }

    @Test(arguments: [
        ("limits: [1 requests/min]", "", nil, "/spec/limits/0", Kind.organization),
        ("keyDefaults: { limits: [1 requests/min] }", "", nil, "/spec/keyDefaults/limits/0", .organization),
        ("", "limits: [1 requests/day]", nil, "/spec/limits/0", .plan),
        ("", "perKey: { limits: [1 requests/day] }", nil, "/spec/perKey/limits/0", .plan),
        ("", "perMember: { limits: [1 requests/day] }", nil, "/spec/perMember/limits/0", .plan),
        ("", "", "limits: [1 requests/min]", "/spec/limits/0", .project),
        ("", "", "budget: { hard: 1 requests/month }", "/spec/budget/hard", .project),
    ] as [(String, String, String?, String, Kind)])
    func `what is declared above a key counts its requests`(
        organization: String, plan: String, project: String?, field: String, kind: Kind
    ) throws {
        let snapshot = try world(organization: organization, plan: plan, project: project).snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(.chat()).get()
        #expect(table.reserve(claim, now: World.start).success != nil)
        let refusal = try #require(table.reserve(claim, now: World.start).failure)
        #expect(refusal.rule?.field == field)
        #expect(refusal.rule?.resource.kind == kind)
    }

    @Test func `a member's limits hold for all keys of that owner together`() throws {
        let world = World(files: [
            "orgs/acme/org.yaml": World.acme.replacing(
                "roles: [developer] }", with: "roles: [developer], limits: [1 requests/min] }"),
            "orgs/acme/other.yaml": World.key("", name: "other", secret: 0x22),
        ])
        let snapshot = try world.snapshot()
        var table = CellTable(org: "acme")
        #expect(table.reserve(try snapshot.admit(.chat()).get(), now: World.start).success != nil)
        let refusal = table.reserve(try snapshot.admit(.chat(), key: 0x22).get(), now: World.start).failure
        #expect(refusal?.rule?.resource.kind == .member)
    }

    @Test func `a key with limits has none of the defaults, and of twins the lower one holds`() throws {
        let own = try world(organization: "keyDefaults: { limits: [1 requests/min] }", key: "  limits: [3 requests/min]")
            .snapshot()
        var table = CellTable(org: "acme")
        for _ in 0..<3 { #expect(table.reserve(try own.admit(.chat()).get(), now: World.start).success != nil) }
        #expect(table.reserve(try own.admit(.chat()).get(), now: World.start).success == nil)
        let twins = try world(organization: "limits: [2 requests/min]", plan: "limits: [1 requests/min]").snapshot()
        let held = try CellTable.reserving(twins)
        #expect(held.limits.requests?.limit == 1)
        #expect(held.limits.requests?.remaining == 0)
    }
}

extension CellTable {
    fileprivate static func reserving(_ snapshot: Snapshot) throws -> Reservation {
        var table = CellTable(org: "acme")
        return try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
    }
}

/// The most tokens that a key may send and be sent.
@Suite struct RequestBoundTests {
    private func claim(_ facts: RequestFacts, _ key: String) throws -> Result<Claim, Refusal> {
        try World(key: key).snapshot().admit(facts)
    }

    @Test func `an input beyond the key's is refused by its line`() throws {
        #expect(try claim(.chat(bytes: 400), "  maxInput: 100").success != nil)
        let refusal = try #require(try claim(.chat(bytes: 401), "  maxInput: 100").failure)
        #expect(refusal.code == .contextLengthExceeded)
        #expect(refusal.rule?.field == "/spec/maxInput")
        #expect(refusal.rule?.origin?.line == 8)
    }

    @Test(arguments: [(nil, 200, 200), (1_000, 200, 200), (200, 200, nil), (50, 50, nil)] as [(Int64?, Int64, Int64?)])
    func `output is held for and asked for within the key's bound`(asked: Int64?, cap: Int64, passed: Int64?) throws {
        let claim = try claim(.chat(bytes: 0, maxOutput: asked), "  maxOutput: 200").get()
        #expect(claim.outputCap == cap)
        #expect(claim.outputMax == passed)
        // At 10 USD/M.
        #expect(claim.hold == NanoUSD(cap * 10_000))
    }

    @Test func `the bound is shared out among the answers of a request`() throws {
        var facts = RequestFacts.chat(maxOutput: nil)
        facts.choices = 4
        let claim = try claim(facts, "  maxOutput: 200").get()
        #expect(claim.outputMax == 50)
        #expect(claim.output == 200)
        facts.choices = 201
        let refusal = try #require(try self.claim(facts, "  maxOutput: 200").failure)
        #expect(refusal.param == "n")
        #expect(refusal.rule?.field == "/spec/maxOutput")
    }
}
