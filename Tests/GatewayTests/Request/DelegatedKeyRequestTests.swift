import Crypto
import Foundation
import Gateway
import Spec
import Store
import TestKit
import Testing

/// Keys that are minted while a gateway runs.
@Suite struct DelegatedKeyRequestTests {
    private static let path = "orgs/acme/pool.yaml"

    private static func pool(_ more: String = "", each: String = "") -> [String: String] {
        [
            path: """
            apiVersion: charter/v1
            kind: KeyPool
            metadata: { name: ci }
            spec:
              issuers: { members: [sam] }
              keys: 10
              each: { lifetime: 24h, scopes: [all]\(each) }
            \(more)
            """
        ]
    }

    /// Writes a key as `charter keys mint` does; answers its uid.
    @discardableResult
    private func mint(_ platform: Platform, _ secret: String, pool: String = "ci") throws -> String {
        try Connection(platform.database).transaction { transaction in
            let rows = try Resources.list(transaction, .organization("acme"))
            let pool = try #require(rows.first { $0.key.kind == .keyPool && $0.key.name == pool })
            let org = try #require(rows.first { $0.key.kind == .organization })
            let now = try transaction.clock()
            let key = DelegatedKeyRow(
                uid: SecureRandom.uuid(), org: "acme", orgUID: org.uid, poolUID: pool.uid, name: "ci-\(secret)", digest: SHA256.digest(secret),
                prefix: "", issuer: "sam", scopes: nil, models: nil, createdAt: now,
                expiresAt: Instant(milliseconds: now.milliseconds + 3_600_000))
            try RuntimeSequence.advance(transaction, orgUID: org.uid)
            try DelegatedKeys.insert(transaction, key, idempotencyKey: secret)
            return key.uid
        }
    }

    private func revoke(_ platform: Platform, _ uid: String) throws {
        try Connection(platform.database).transaction { transaction in
            let key = try #require(try DelegatedKeys.find(transaction, .everything, uid: uid))
            try RuntimeSequence.advance(transaction, orgUID: key.orgUID)
            #expect(try DelegatedKeys.revoke(transaction, uid: uid, by: "test"))
        }
    }

    /// Asks what counts against no limit until a key opens, or opens nothing. A second is promised; a slow machine may take more.
    private func become(_ status: Int, _ what: String, _ client: TestClient, _ key: String) throws {
        try eventually(within: .seconds(10), what) { try client.get("/v1/models", key: key).status == status }
    }

    @Test func `a minted key is served at once, booked under its name, and refused when it is revoked`() throws {
        let platform = try Platform(Self.pool())
        let client = TestClient(port: platform.port)
        let uid = try mint(platform, "ck-minted")
        try become(200, "the minted key is served", client, "ck-minted")
        for shown in ["ck-minted", "app_\(uid):ck-minted"] { #expect(try client.chat(key: shown).status == 200) }
        #expect(try client.chat().headers["x-charter-revision"] == "1")
        try revoke(platform, uid)
        try become(401, "the revoked key is refused", client, "ck-minted")
        #expect(try client.chat().status == 200)
        let names = try Connection(platform.database).transaction { transaction in
            try eventually(within: .seconds(15), "the ledger") {
                try transaction.query("SELECT 1 FROM charter.usage WHERE key = 'ci-ck-minted' AND key_uid = $1 AND member = 'sam'", [.text(uid)]).count >= 1
            }
            return try transaction.query("SELECT DISTINCT key FROM charter.usage ORDER BY 1").map { try $0.text(0) }
        }
        #expect(names.contains("ci-ck-minted") && names.contains("main"))
    }

    @Test func `minted keys are known after a restart, and all are refused when their pool is suspended or gone`() throws {
        let platform = try Platform(Self.pool())
        try mint(platform, "ck-one")
        try mint(platform, "ck-two")
        platform.stopGateway()
        try platform.startGateway()
        let client = TestClient(port: platform.port)
        for key in ["ck-one", "ck-two"] { #expect(try client.chat(key: key).status == 200) }
        try platform.apply(Self.pool("  suspend: { reason: leaked }"))
        for key in ["ck-one", "ck-two"] { #expect(try client.chat(key: key).json("error", "code") == "suspended") }
        try platform.apply(Self.pool())
        #expect(try client.chat(key: "ck-one").status == 200)
        try platform.apply([Self.path: ""])
        for key in ["ck-one", "ck-two"] { #expect(try client.chat(key: key).status == 401) }
        #expect(try client.chat().status == 200)
    }

    @Test func `the keys of a pool spend from one budget, which outlives them and the process`() throws {
        let platform = try Platform(Self.pool("  budget: { hard: 3 requests/month }"))
        let client = TestClient(port: platform.port)
        let first = try mint(platform, "ck-one")
        try mint(platform, "ck-two")
        try become(200, "the second key is known", client, "ck-two")
        for key in ["ck-one", "ck-two"] { #expect(try client.chat(key: key).status == 200) }
        try revoke(platform, first)
        try become(401, "the first key is refused", client, "ck-one")
        platform.stopGateway()
        try platform.startGateway()
        let again = TestClient(port: platform.port)
        #expect(try again.chat(key: "ck-two").status == 200)
        let spent = try again.chat(key: "ck-two")
        #expect(spent.status == 429 && spent.json("error", "charter", "code") == "budget_exceeded", "\(spent.text)")
        // What the organization spends besides is not the pool's.
        #expect(try again.chat().status == 200)
    }

    @Test(arguments: ["budget: { hard: 3 requests/30d rolling }", "limits: [3 requests/hour]", "limits: [3 requests/month per model]"])
    func `what counts all keys of a pool goes on after a restart`(bound: String) throws {
        let platform = try Platform(Self.pool("  " + bound))
        let client = TestClient(port: platform.port)
        try mint(platform, "ck-one")
        try mint(platform, "ck-two")
        try become(200, "the second key is known", client, "ck-two")
        for key in ["ck-one", "ck-two"] { #expect(try client.chat(key: key).status == 200) }
        platform.stopGateway()
        try platform.startGateway()
        let again = TestClient(port: platform.port)
        #expect(try again.chat(key: "ck-one").status == 200)
        let refused = try again.chat(key: "ck-two")
        #expect(refused.status == 429, "\(refused.text)")
        // What the organization asks besides is not the pool's.
        #expect(try again.chat().status == 200)
    }

    @Test func `an open stream of a minted key is cut when the pool declares it`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            exchange.writePiece("a")
        }
        let platform = try Platform(
            Self.pool(each: ", whenRevoked: cut"),
            beside: { StandardConfiguration.providers(provider.port, $0, timeouts: "{ connect: 1s, firstByte: 60s, idle: 60s }") })
        let client = TestClient(port: platform.port)
        let uid = try mint(platform, "ck-one")
        try become(200, "the key is known", client, "ck-one")
        let connection = try client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"hi"}]}"#, key: "ck-one")
        try connection.receive(until: #""content":"a""#)
        try revoke(platform, uid)
        #expect(try connection.readAnswer().events.last?.contains("invalid_api_key") == true)
    }
}
