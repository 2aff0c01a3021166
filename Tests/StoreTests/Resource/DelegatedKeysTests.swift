import Crypto
import Spec
import TestKit
import Testing

@testable import Store

@Suite struct DelegatedKeysTests {
    private let connection: Connection
    private let org = SecureRandom.uuid()
    private let pool = SecureRandom.uuid()

    init() throws { connection = try Fixtures.connection() }

    private func insert(_ name: String, issuer: String = "sam", scopes: [String]? = nil, models: [String]? = nil, seconds: Int64 = 3600) throws -> String {
        try connection.transaction { transaction in
            let now = try transaction.clock()
            let key = DelegatedKeyRow(
                uid: SecureRandom.uuid(), org: "acme", orgUID: org, poolUID: pool, name: name, digest: SHA256.digest(name), prefix: "sk_" + name,
                issuer: issuer, scopes: scopes, models: models, createdAt: Instant(milliseconds: now.milliseconds - 10_000),
                expiresAt: Instant(milliseconds: now.milliseconds + seconds * 1000))
            try RuntimeSequence.advance(transaction, orgUID: org)
            try DelegatedKeys.insert(transaction, key, idempotencyKey: name)
            return key.uid
        }
    }

    @Test func `a key is read as it was written`() throws {
        let uid = try insert("a", scopes: ["chat", "embeddings"], models: ["openai/*", #"label:a="b c""#])
        let key = try #require(try connection.transaction { try DelegatedKeys.find($0, .organization("acme"), uid: uid) })
        #expect(key.scopes == ["chat", "embeddings"] && key.models == ["openai/*", #"label:a="b c""#])
        #expect(key.name == "a" && key.prefix == "sk_a" && key.issuer == "sam" && key.orgUID == org && key.poolUID == pool)
        #expect(try connection.transaction { try DelegatedKeys.find($0, .organization("globex"), uid: uid) } == nil)
    }

    @Test func `what has ended or expired is not alive, and not counted`() throws {
        let (first, _, third) = (try insert("a"), try insert("b", seconds: -5), try insert("c", issuer: "kim"))
        func counts() throws -> [Int] {
            let count = try connection.transaction { try DelegatedKeys.count($0, poolUID: pool, issuer: "sam") }
            return [count.all, count.ofIssuer]
        }
        #expect(try connection.transaction { try DelegatedKeys.alive($0).map(\.uid) } == [first, third])
        #expect(try counts() == [2, 1])
        func taken(_ org: String) throws -> [Bool] {
            try connection.transaction { transaction in
                try ["a", "b", "c", "d"].map { try DelegatedKeys.isTaken(transaction, .organization(org), name: $0) }
            }
        }
        #expect(try taken("acme") == [true, false, true, false] && !taken("globex").contains(true))
        #expect(try connection.transaction { try DelegatedKeys.revoke($0, uid: first, by: "mira") })
        #expect(try !connection.transaction { try DelegatedKeys.revoke($0, uid: first, by: "mira") })
        #expect(try counts() == [1, 0])
        #expect(try connection.transaction { try DelegatedKeys.list($0, .organization("acme"), poolUID: pool, ended: true).count } == 3)
        #expect(try connection.transaction { try DelegatedKeys.list($0, .organization("globex"), ended: true).count } == 0)
    }

    @Test func `every change moves the sequence`() throws {
        func sequence() throws -> Int64 { try connection.transaction { try RuntimeSequence.current($0) } }
        #expect(try sequence() == 0)
        _ = try insert("a")
        #expect(try sequence() == 1)
        try connection.transaction { try RuntimeSequence.advance($0, orgUID: SecureRandom.uuid()) }
        #expect(try sequence() == 2)
    }
}
