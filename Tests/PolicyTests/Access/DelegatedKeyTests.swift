import Policy
import Spec
import Testing

/// Keys that are minted at run time, within what their pool allows.
@Suite struct DelegatedKeyTests {
    private static let pool = """
        apiVersion: charter/v1
        kind: KeyPool
        metadata: { name: ci }
        spec:
          issuers: { members: [sam] }
          keys: 10
          each:
            lifetime: 24h
            tags: { team: ci }
            scopes: [chat]
            models: { allow: ["openai/*"], deny: [openai/o3-pro] }
            limits: [5 requests/min]
          limits: [8 requests/min]

        """
    private static let path = "orgs/acme/pool.yaml"

    private func policy(_ pool: String = Self.pool, files: [String: String] = [:]) throws -> DeclaredPolicy {
        Snapshot.policy(
            of: try World(files: files.merging([Self.path: pool]) { $1 }).resources(),
            revision: RevisionIdentity(id: 1, commit: World.commit, stateDigest: "digest"), disclosure: .full
        ).policy
    }

    private func key(
        _ byte: UInt8, issuer: String = "sam", scopes: [String]? = nil, models: [ModelPattern]? = nil, expires: Instant = World.start.adding(seconds: 60)
    ) -> DelegatedKey {
        DelegatedKey(
            uid: "uid:key-\(byte)", poolUID: "uid:acme/KeyPool/ci", name: "ci-\(byte)", digest: World.digest(byte), issuer: issuer, expires: expires,
            scopes: scopes, models: models)
    }

    @Test func `a minted key names itself, and its place is that of its pool`() throws {
        let snapshot = try policy().snapshot(with: [key(0xA1)])
        let caller = try #require(snapshot.authenticate(World.digest(0xA1), now: World.start).success)
        #expect(caller.identity.key == "ci-161" && caller.identity.keyUID == "uid:key-161" && caller.identity.member == "sam")
        #expect(caller.identity.tags == #"{"team":"ci"}"#)
        let refusal = try #require(snapshot.authorize(caller, .chat("vllm/llama")).failure)
        #expect(refusal.code == .modelNotAllowed && refusal.rule?.origin?.path == Self.path)
        #expect(snapshot.authorize(caller, .chat()).success != nil)
    }

    @Test func `declared keys stay as they are, and share what is counted`() throws {
        let declared = try policy()
        let snapshot = declared.snapshot(with: [key(0xA1), key(0xA2)])
        #expect(snapshot.keyCount == declared.snapshot.keyCount + 2)
        #expect(snapshot.authenticate(World.digest(), now: World.start).success?.identity.key == "checkout")
        #expect(declared.snapshot.authenticate(World.digest(0xA1), now: World.start).failure?.code == .invalidAPIKey)
        #expect(declared.snapshot(with: []) === declared.snapshot)
    }

    @Test func `it ends when its lifetime does, and is unknown when its pool is gone`() throws {
        let snapshot = try policy().snapshot(with: [key(0xA1)])
        #expect(snapshot.authenticate(World.digest(0xA1), now: World.start.adding(seconds: 59)).success != nil)
        #expect(snapshot.authenticate(World.digest(0xA1), now: World.start.adding(seconds: 60)).failure?.code == .keyExpired)
        let other = try policy(Self.pool.replacing("name: ci", with: "name: other")).snapshot(with: [key(0xA1)])
        #expect(other.authenticate(World.digest(0xA1), now: World.start).failure?.code == .invalidAPIKey)
    }

    @Test func `it has no rights that its issuer or its pool lacks`() throws {
        func refusal(_ key: DelegatedKey, _ model: String = "openai/gpt-4o", pool: String = Self.pool) throws -> RefusalCode? {
            let snapshot = try policy(pool).snapshot(with: [key])
            switch snapshot.authenticate(key.digest, now: World.start) {
            case .failure(let refusal): return refusal.code
            case .success(let caller): return snapshot.authorize(caller, .chat(model)).failure?.code
            }
        }
        #expect(try refusal(key(0xA1, issuer: "eve")) == .roleDenied)
        #expect(try refusal(key(0xA1, issuer: "nobody")) == .roleDenied)
        #expect(try refusal(key(0xA1, scopes: ["embeddings"])) == .scopeDenied)
        #expect(try refusal(key(0xA1, models: [.name("openai/gpt-4o")])) == nil)
        #expect(try refusal(key(0xA1, models: [.name("*")])) == nil)
        #expect(try refusal(key(0xA1, models: [.name("*")]), "vllm/llama") == .modelNotAllowed)
        #expect(try refusal(key(0xA1, models: [.name("vllm/*")])) == .modelNotAllowed)
        #expect(try refusal(key(0xA1, models: [.name("vllm/*")]), "vllm/llama") == .modelNotAllowed)
        #expect(try refusal(key(0xA1, models: [.name("openai/gpt-4o-mini")])) == .modelNotAllowed)
        #expect(try refusal(key(0xA1), pool: Self.pool + "  suspend: { reason: leaked }\n") == .suspended)
    }

    @Test func `each key has its own limit, and all share the pool's`() throws {
        let snapshot = try policy().snapshot(with: [key(0xA1), key(0xA2)])
        var cells = CellTable(org: snapshot.organizations[0].uid)
        for _ in 0..<5 { #expect(take(0xA1, of: snapshot, in: &cells) == nil) }
        let own = take(0xA1, of: snapshot, in: &cells)?.rule
        #expect(own?.uid == "uid:acme/KeyPool/ci" && own?.field == "/spec/each/limits/0" && own?.origin?.line == 12)
        for _ in 0..<3 { #expect(take(0xA2, of: snapshot, in: &cells) == nil) }
        let shared = take(0xA2, of: snapshot, in: &cells)?.rule
        #expect(shared?.uid == "uid:acme/KeyPool/ci" && shared?.field == "/spec/limits/0" && shared?.origin?.line == 13)
    }

    @Test func `each key has its own budget, which stands in the pool's file`() throws {
        let pool = Self.pool.replacing("    limits: [5 requests/min]", with: "    budget: { hard: 1 requests/month }\n    networks: [10.0.0.0/8]")
        let snapshot = try policy(pool).snapshot(with: [key(0xA1), key(0xA2)])
        var cells = CellTable(org: snapshot.organizations[0].uid)
        for byte in [0xA1, 0xA2] as [UInt8] { #expect(take(byte, of: snapshot, in: &cells, from: [10, 1, 1, 1]) == nil) }
        let rule = take(0xA1, of: snapshot, in: &cells, from: [10, 1, 1, 1])?.rule
        #expect(rule?.field == "/spec/each/budget/hard" && rule?.origin?.line == 12)
        #expect(Set(snapshot.durableSeeds(now: World.start).map(\.cell.uid)) == ["uid:key-161", "uid:key-162"])
        let outside = take(0xA1, of: snapshot, in: &cells, from: [192, 0, 2, 1])
        #expect(outside?.code == .networkDenied && outside?.rule?.field == "/spec/each/networks" && outside?.rule?.origin?.line == 13)
    }

    @Test func `of a route stays what both the pool and the key allow, by the model's name or the route's`() throws {
        func served(_ models: [ModelPattern], _ name: String, pool: String = Self.pool) throws -> [String]? {
            let snapshot = try policy(pool).snapshot(with: [key(0xA1, models: models)])
            let caller = try snapshot.caller(0xA1)
            return snapshot.authorize(caller, .chat(name)).success?.models.map(\.qualifiedName)
        }
        // The route's other targets are none of the pool's.
        #expect(try served([.name("assistant")], "assistant") == ["openai/gpt-4o"])
        #expect(try served([.name("assistant")], "openai/gpt-4o") == nil)
        #expect(try served([.name("openai/gpt-4o")], "openai/gpt-4o") == ["openai/gpt-4o"])
        let routes = Self.pool.replacing(#"allow: ["openai/*"], deny: [openai/o3-pro]"#, with: "allow: [assistant]")
        #expect(try served([.name("vllm/*")], "assistant", pool: routes) == ["vllm/llama"])
        #expect(try served([.name("vllm/*")], "vllm/llama", pool: routes) == nil)
    }

    @Test func `what refuses a model is named: the pool's rule, or what the key was minted with`() throws {
        func rule(_ models: [ModelPattern]?, _ model: String) throws -> Rule? {
            let snapshot = try policy().snapshot(with: [key(0xA1, models: models)])
            return snapshot.authorize(try snapshot.caller(0xA1), .chat(model)).failure?.rule
        }
        let allow = try rule(nil, "vllm/llama")
        #expect(allow?.uid == "uid:acme/KeyPool/ci" && allow?.field == "/spec/each/models/allow" && allow?.origin?.line == 11)
        #expect(try rule(nil, "openai/o3-pro")?.field == "/spec/each/models/deny/0")
        let own = try rule([.name("openai/gpt-4o-mini")], "openai/gpt-4o")
        #expect(own?.uid == "uid:key-161" && own?.field == "/spec/models/allow" && own?.origin?.path == Self.path)
    }

    @Test func `a budget for a tag counts the keys that their pool gives it`() throws {
        let budget = "apiVersion: charter/v1\nkind: Budget\nmetadata: { name: team }\nspec: { for: { tag: team=ci }, hard: 1 requests/month }\n"
        let snapshot = try policy(files: ["orgs/acme/budget.yaml": budget]).snapshot(with: [key(0xA1), key(0xA2)])
        var cells = CellTable(org: snapshot.organizations[0].uid)
        #expect(take(0xA1, of: snapshot, in: &cells) == nil)
        #expect(take(0xA2, of: snapshot, in: &cells)?.rule?.origin?.path == "orgs/acme/budget.yaml")
        #expect(take(0x11, of: snapshot, in: &cells) == nil)
    }

    @Test(arguments: [
        ("keyDefaults: { limits: [1 requests/min] }", "", "/spec/keyDefaults/limits/0"),
        ("keyDefaults: { limits: [1 requests/min] }, plan: basic", "limits: [2 requests/min]", "/spec/perKey/limits/0"),
        ("plan: basic", "", "/spec/perKey/limits/0"),
    ])
    func `limits for keys of the organization and its plan hold for minted ones`(organization: String, each: String, field: String) throws {
        let files = [
            "plans.yaml": "apiVersion: charter/v1\nkind: Plan\nmetadata: { name: basic }\nspec:\n  perKey: { limits: [1 requests/min] }\n",
            "orgs/acme/org.yaml": World.acme.replacing("spec: {}", with: "spec: { \(organization) }"),
        ]
        let pool = Self.pool.replacing("    limits: [5 requests/min]", with: each.isEmpty ? "    prefix: ci-" : "    \(each)")
        let snapshot = try policy(pool, files: files).snapshot(with: [key(0xA1), key(0xA2)])
        var cells = CellTable(org: snapshot.organizations[0].uid)
        for byte in [0xA1, 0xA2] as [UInt8] {
            #expect(take(byte, of: snapshot, in: &cells) == nil)
            #expect(take(byte, of: snapshot, in: &cells)?.rule?.field == field)
        }
    }

    @Test func `keys of a pool without networks have those of their organization`() throws {
        let acme = World.acme.replacing("spec: {}", with: "spec: { keyDefaults: { networks: [10.0.0.0/8] } }")
        let snapshot = try policy(files: ["orgs/acme/org.yaml": acme]).snapshot(with: [key(0xA1)])
        var cells = CellTable(org: snapshot.organizations[0].uid)
        #expect(take(0xA1, of: snapshot, in: &cells, from: [10, 1, 1, 1]) == nil)
        #expect(take(0xA1, of: snapshot, in: &cells, from: [192, 0, 2, 1])?.rule?.field == "/spec/keyDefaults/networks")
        #expect(take(0xA1, of: snapshot, in: &cells)?.code == .networkDenied)
    }

    @Test func `what counts all keys of a pool goes on with what the ledger knows, for each model by itself`() throws {
        let pool = Self.pool.replacing(
            "  limits: [8 requests/min]", with: "  limits: [2 requests/month per model]\n  budget: { hard: 10 USD/30d rolling }")
        let snapshot = try policy(pool).snapshot(with: [key(0xA1), key(0xA2)])
        let seeds = snapshot.spanSeeds(now: World.start)
        #expect(snapshot.durableSeeds(now: World.start).isEmpty)
        #expect(seeds.count == 2 && seeds.allSatisfy { $0.subject == .pool(uid: "uid:acme/KeyPool/ci") })
        let seed = try #require(seeds.first { $0.isPerModel })
        var cells = CellTable(org: snapshot.organizations[0].uid)
        cells.load(spans: [SpanSum(seed: seed, from: seed.window.start, amount: 2, model: "openai/gpt-4o")], now: World.start)
        #expect(take(0xA1, of: snapshot, in: &cells)?.rule?.field == "/spec/limits/0")
        #expect(take(0xA1, of: snapshot, in: &cells, "openai/gpt-4o-mini") == nil)
        // Keys that come and go have nothing counted anew.
        #expect(snapshot.spanSeeds(now: World.start, unlessIn: try policy(pool).snapshot(with: [key(0xA3)])).isEmpty)
    }

    /// Asks once; answers what is in the way.
    private func take(
        _ byte: UInt8, of snapshot: Snapshot, in cells: inout CellTable, _ model: String = "openai/gpt-4o", from address: [UInt8]? = nil
    ) -> Refusal? {
        var facts = RequestFacts.chat(model)
        facts.client = address.flatMap { ClientAddress(bytes: $0) }
        switch snapshot.admit(facts, key: byte) {
        case .failure(let refusal): return refusal
        case .success(let claim): return cells.reserve(claim, now: World.start).failure
        }
    }
}
