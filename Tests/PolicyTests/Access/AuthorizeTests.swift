import Policy
import Spec
import Testing

@Suite struct AuthorizeTests {
    private func authorize(
        _ facts: RequestFacts, key: String = "", files: [String: String] = [:]
    ) throws -> Result<Grant, Refusal> {
        let snapshot = try World(key: key, files: files).snapshot()
        return snapshot.authorize(try snapshot.caller(), facts)
    }

    @Test func `an endpoint that no scope opens is denied by the scopes line`() throws {
        let refusal = try #require(try authorize(RequestFacts(endpoint: .embeddings, model: "openai/gpt-4o")).failure)
        #expect(refusal.code == .scopeDenied)
        #expect(refusal.rule?.field == "/spec/scopes")
        #expect(refusal.rule?.origin?.line == 6)
    }

    @Test func `a key whose owner may not invoke is denied by the line of the roles`() throws {
        let key = World.key("").replacing("owner: sam", with: "owner: eve")
        let refusal = try #require(try authorize(.chat(), files: ["orgs/acme/key.yaml": key]).failure)
        #expect(refusal.code == .roleDenied)
        #expect(refusal.rule?.resource == ResourceKey(org: "acme", kind: .member, name: "eve"))
        #expect(refusal.rule?.field == "/spec/roles")
        #expect(refusal.rule?.origin?.path == "orgs/acme/org.yaml")
    }

    @Test func `an organization's role takes the place of the built-in one`() throws {
        let role = """
            apiVersion: charter/v1
            kind: Role
            metadata: { name: developer }
            spec: { permissions: [usage.read] }
            """
        #expect(try authorize(.chat(), files: ["orgs/acme/role.yaml": role]).failure?.code == .roleDenied)
    }

    /// A world whose key belongs to `eve`, who may only look, with more of her organization.
    private func authorizeEve(with more: String) throws -> RefusalCode? {
        let key = World.key("").replacing("owner: sam", with: "owner: eve")
        return try authorize(.chat(), files: ["orgs/acme/key.yaml": key, "orgs/acme/more.yaml": more]).failure?.code
    }

    private static func group(_ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: Member\nmetadata: { name: \(name) }\nspec: { type: group, \(spec) }\n---\n"
    }

    @Test func `the roles of a group are its members' too, through groups in groups`() throws {
        #expect(try authorizeEve(with: "") == .roleDenied)
        let direct = Self.group("team", "members: [eve], roles: [developer]")
        #expect(try authorizeEve(with: direct) == nil)
        let inner = Self.group("team", "members: [eve]") + Self.group("all", "members: [team], roles: [developer]")
        #expect(try authorizeEve(with: inner) == nil)
        let suspended = Self.group("team", "members: [eve], roles: [developer], suspend: { reason: away }")
        #expect(try authorizeEve(with: suspended) == .roleDenied)
        let other = Self.group("team", "members: [sam], roles: [developer]") + Self.group("all", "members: [eve, team]")
        #expect(try authorizeEve(with: other) == .roleDenied)
    }

    @Test func `a role gives what it inherits, as it is named where it is declared`() throws {
        let role = { (name: String, spec: String) in
            "apiVersion: charter/v1\nkind: Role\nmetadata: { name: \(name) }\nspec: { \(spec) }\n---\n"
        }
        let caller = role("viewer", "permissions: [], inherits: [middle]")
        #expect(try authorizeEve(with: caller + role("middle", "permissions: [], inherits: [developer]")) == nil)
        #expect(try authorizeEve(with: caller + role("middle", "permissions: [], inherits: [billing]")) == .roleDenied)
        // The platform's role means the platform's `developer`, not the one of the organization.
        let files = [
            "orgs/acme/key.yaml": World.key("").replacing("owner: sam", with: "owner: eve"),
            "orgs/acme/more.yaml": role("developer", "permissions: [inference.invoke]"),
            "roles.yaml": role("viewer", "permissions: [], inherits: [developer]")
                + role("developer", "permissions: [usage.read]"),
        ]
        #expect(try authorize(.chat(), files: files).failure?.code == .roleDenied)
    }

    @Test(arguments: [
        ([10, 1, 2, 3] as [UInt8], true), ([10, 2, 2, 3], false), ([127, 0, 0, 1], false),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 0, 9], true),
        ([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], true),
        ([0x20, 1, 0xd, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
    ])
    func `networks admit only their own addresses`(address: [UInt8], isAdmitted: Bool) throws {
        var facts = RequestFacts.chat()
        facts.client = ClientAddress(bytes: address)
        let result = try authorize(facts, key: "  networks: [10.1.0.0/16, \"2001:db8::/32\"]")
        #expect((result.success != nil) == isAdmitted)
        if !isAdmitted {
            #expect(result.failure?.code == .networkDenied)
            #expect(result.failure?.rule?.field == "/spec/networks")
        }
    }

    @Test func `a key bound to networks is refused where the address is not known`() throws {
        #expect(try authorize(.chat(), key: "  networks: [0.0.0.0/0]").failure?.code == .networkDenied)
    }

    @Test func `a denied model names the line of the pattern`() throws {
        let rules = "  models:\n    allow: [\"*\"]\n    deny:\n      - vllm/*\n      - openai/o3-pro"
        let refusal = try #require(try authorize(.chat("openai/o3-pro"), key: rules).failure)
        #expect(refusal.code == .modelNotAllowed)
        // Patterns are a set, whose canonical order the pointer counts; the line is that of the file.
        #expect(refusal.rule?.field == "/spec/models/deny/0")
        #expect(refusal.rule?.origin?.line == 12)
        #expect(refusal.param == "model")
    }

    @Test func `a model outside the allow list names the list`() throws {
        let refusal = try #require(try authorize(.chat("vllm/llama"), key: "  models: { allow: [\"openai/*\"] }").failure)
        #expect(refusal.code == .modelNotAllowed)
        #expect(refusal.rule?.field == "/spec/models/allow")
        #expect(refusal.rule?.origin?.line == 8)
    }

    @Test func `labels allow models`() throws {
        let grant = try authorize(.chat("assistant"), key: "  models: { allow: [\"label:eu=true\"] }").get()
        #expect(grant.models.map(\.qualifiedName) == ["vllm/llama"])
        #expect(grant.route == "assistant")
    }

    @Test func `a route allowed by name brings its targets`() throws {
        let grant = try authorize(.chat("assistant"), key: "  models: { allow: [assistant] }").get()
        #expect(grant.models.map(\.qualifiedName) == ["openai/gpt-4o", "vllm/llama", "openai/o3-pro"])
    }

    @Test func `allowing a route does not allow its targets by themselves`() throws {
        #expect(try authorize(.chat("vllm/llama"), key: "  models: { allow: [assistant] }").failure?.code == .modelNotAllowed)
    }

    @Test func `a denied target leaves the route without it`() throws {
        let grant = try authorize(.chat("assistant"), key: "  models: { deny: [openai/gpt-4o] }").get()
        #expect(grant.models.map(\.qualifiedName) == ["vllm/llama", "openai/o3-pro"])
    }

    @Test func `a project's rules apply to its keys`() throws {
        let project = """
            apiVersion: charter/v1
            kind: Project
            metadata: { name: web }
            spec: { models: { deny: ["openai/*"] } }
            """
        let refusal = try authorize(.chat(), key: "  project: web", files: ["orgs/acme/web.yaml": project]).failure
        #expect(refusal?.code == .modelNotAllowed)
        #expect(refusal?.rule?.resource.kind == .project)
        #expect(refusal?.rule?.origin?.path == "orgs/acme/web.yaml")
    }

    @Test func `one scope that admits a model is enough, but any scope's denial counts`() throws {
        let scopes = """
            apiVersion: charter/v1
            kind: Scope
            metadata: { name: chat }
            spec: { endpoints: [chat.completions], models: { allow: [vllm/llama] } }
            ---
            apiVersion: charter/v1
            kind: Scope
            metadata: { name: premium }
            spec: { endpoints: [chat.completions], models: { allow: ["openai/*"], deny: [openai/o3-pro] } }
            """
        let key = World.key("").replacing("[chat]", with: "[chat, premium]")
        let files = ["orgs/acme/scopes.yaml": scopes, "orgs/acme/key.yaml": key]
        #expect(try authorize(.chat("vllm/llama"), files: files).success != nil)
        #expect(try authorize(.chat("openai/gpt-4o"), files: files).success != nil)
        #expect(try authorize(.chat("vllm/free"), files: files).failure?.rule?.field == "/spec/models/allow")
        #expect(try authorize(.chat("openai/o3-pro"), files: files).failure?.rule?.field == "/spec/models/deny/0")
    }

    @Test func `a bare name leads to the only model that has it`() throws {
        #expect(try authorize(.chat("gpt-4o")).get().models.map(\.qualifiedName) == ["openai/gpt-4o"])
    }

    @Test func `a bare name that two providers have is not guessed`() throws {
        let refusal = try #require(try authorize(.chat("shared")).failure)
        #expect(refusal.code == .modelNotFound)
        #expect(refusal.message.contains("<provider>/shared"))
    }

    @Test func `an unknown model suggests a near one that the key may use`() throws {
        #expect(try authorize(.chat("asistant")).failure?.message == "there is no model `asistant`; did you mean `assistant`?")
        let narrow = try authorize(.chat("asistant"), key: "  models: { allow: [vllm/llama] }")
        #expect(narrow.failure?.message.contains("openai") == false)
    }

    @Test func `an organization's route shadows the platform's for itself only`() throws {
        let route = """
            apiVersion: charter/v1
            kind: RoutingPolicy
            metadata: { name: assistant }
            spec: { targets: [{ model: vllm/free }] }
            """
        let grant = try authorize(.chat("assistant"), files: ["orgs/acme/routes.yaml": route]).get()
        #expect(grant.models.map(\.qualifiedName) == ["vllm/free"])
        let elsewhere = [
            "orgs/globex/routes.yaml": route,
            "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: {}\n",
        ]
        #expect(try authorize(.chat("assistant"), files: elsewhere).get().models.count == 3)
    }

    @Test func `the list of models needs a scope and no model`() throws {
        let grant = try authorize(RequestFacts(endpoint: .models, model: "")).get()
        #expect(grant.models.isEmpty)
    }

    @Test func `a caller of an older snapshot is authenticated again`() throws {
        let old = try World().snapshot()
        let caller = try old.caller()
        let new = try World(key: "  expires: 2026-01-01T00:00:00Z").snapshot(revision: 2)
        #expect(new.authorize(caller, .chat()).failure?.code == .keyExpired)
    }

    @Test func `a connection that outlives its key is refused`() throws {
        let snapshot = try World(key: "  expires: 2027-01-01T00:00:00Z").snapshot()
        let caller = try snapshot.caller()
        #expect(snapshot.authorize(caller, .chat()).success != nil)
        let later = Instant(milliseconds: 1_800_000_000_000)
        #expect(snapshot.authorize(caller, .chat(), now: later).failure?.code == .keyExpired)
    }

    @Test func `models lists routes, then what the key may use`() throws {
        let snapshot = try World(key: "  models: { allow: [\"vllm/*\", assistant] }").snapshot()
        let listing = snapshot.models(for: try snapshot.caller())
        #expect(listing.map(\.id) == ["assistant", "vllm/free", "vllm/llama", "vllm/shared"])
        #expect(listing.map(\.isRoute) == [true, false, false, false])
    }

    @Test func `disclosure hides commit and author, or all`() throws {
        let rule = try #require(try authorize(.chat("vllm/llama"), key: "  models: { allow: [\"openai/*\"] }").failure?.rule)
        #expect(rule.disclosed(.full) == rule)
        #expect(rule.disclosed(.place)?.origin == RuleOrigin(path: "orgs/acme/key.yaml", line: 8, column: 20))
        #expect(rule.disclosed(.code) == nil)
    }

    @Test func `an organization says what its keys are told of rules, in place of the repository`() throws {
        func disclosure(_ spec: String, _ repository: Repository.Disclosure, to key: UInt8 = 0x11) throws -> Repository.Disclosure {
            let world = World(files: ["orgs/acme/org.yaml": World.acme.replacing("spec: {}", with: "spec: \(spec)")])
            #expect(!world.declarations.diagnostics.contains { $0.code == .notEnforced })
            let identity = RevisionIdentity(id: 1, commit: World.commit, stateDigest: "digest")
            return Snapshot.compile(try world.resources(), revision: identity, disclosure: repository).snapshot.disclosure(to: World.digest(key))
        }
        #expect(try disclosure("{}", .place) == .place)
        #expect(try disclosure("{ disclosure: code }", .full) == .code)
        #expect(try disclosure("{ disclosure: full }", .code) == .full)
        // Nobody's key is no organization's.
        #expect(try disclosure("{ disclosure: full }", .code, to: 0x77) == .code)
    }
}
