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
        func take(_ byte: UInt8) throws -> Refusal? {
            let caller = try #require(snapshot.authenticate(World.digest(byte), now: World.start).success)
            let grant = try #require(snapshot.authorize(caller, .chat()).success)
            let claim = try #require(snapshot.claim(grant, .chat(), now: World.start).success)
            return cells.reserve(claim, now: World.start).failure
        }
        for _ in 0..<5 { #expect(try take(0xA1) == nil) }
        #expect(try take(0xA1)?.rule?.uid == "uid:key-161")
        for _ in 0..<3 { #expect(try take(0xA2) == nil) }
        #expect(try take(0xA2)?.rule?.uid == "uid:acme/KeyPool/ci")
    }
}
