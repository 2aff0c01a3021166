import Crypto
import Spec
import Testing

@testable import Store

/// Lists of minted keys, page by page.
@Suite struct DelegatedKeyPagesTests {
    private let connection: Connection
    private let pool = SecureRandom.uuid()

    init() throws {
        // Rows from before the pages' index.
        connection = try Fixtures.connection(before: .keyPages)
    }

    /// Mints a key that ends so many seconds from now.
    private func mint(_ org: String, seconds: Int64, pool: String? = nil, name: String? = nil) throws -> String {
        let uid = SecureRandom.uuid()
        try connection.transaction { transaction in
            let now = try transaction.clock()
            let (begin, end) = (min(now.milliseconds, now.milliseconds + seconds * 1000) - 1000, now.milliseconds + seconds * 1000)
            let key = DelegatedKeyRow(
                uid: uid, org: org, orgUID: SecureRandom.uuid(), poolUID: pool ?? self.pool, name: name ?? uid, digest: SHA256.digest(uid), prefix: "sk_", issuer: "sam",
                scopes: nil, models: nil, createdAt: Instant(milliseconds: begin), expiresAt: Instant(milliseconds: end))
            try DelegatedKeys.insert(transaction, key, idempotencyKey: uid)
        }
        return uid
    }

    private func page(_ org: String, after uid: String?, limit: Int) throws -> [String] {
        try connection.transaction { try DelegatedKeys.page($0, .organization(org), after: uid, limit: limit).map(\.uid) }
    }

    @Test func `pages have each living key once, those that end first in front, and nobody else's`() throws {
        let later = try mint("acme", seconds: 3000)
        let sooner = try mint("acme", seconds: 1000)
        let ended = try mint("acme", seconds: -10)
        let revoked = try mint("acme", seconds: 2000)
        let foreign = try mint("globex", seconds: 1500)
        _ = try connection.transaction { try DelegatedKeys.revoke($0, uid: revoked, by: "sam") }
        _ = try Migrations.migrate(connection)
        let between = try mint("acme", seconds: 2000)
        #expect(try page("acme", after: nil, limit: 2) == [sooner, between])
        #expect(try page("acme", after: between, limit: 2) == [later])
        #expect(try page("acme", after: later, limit: 2).isEmpty)
        // A page goes on behind a key that ended meanwhile.
        #expect(try page("acme", after: revoked, limit: 5).contains(later))
        #expect(try page("acme", after: ended, limit: 5) == [sooner, between, later])
        // Another organization's key is no place in this list, as little as what is none.
        for place in [foreign, SecureRandom.uuid(), "none", "'", ""] { #expect(try page("acme", after: place, limit: 5).isEmpty, "\(place)") }
    }

    @Test func `a page of few keys that live among very many that ended is found by the index`() throws {
        _ = try Migrations.migrate(connection)
        let plan = try connection.transaction { transaction in
            try transaction.query("SET LOCAL enable_seqscan = off")
            let rows = try transaction.query(
                """
                EXPLAIN SELECT uid FROM charter.delegated_key WHERE org = 'acme' AND revoked_at IS NULL AND expires_at > now()
                ORDER BY expires_at, uid LIMIT 50
                """)
            var lines: [String] = []
            for row in rows { lines.append(try row.text(0)) }
            return lines.joined(separator: "\n")
        }
        #expect(plan.contains("delegated_key_by_end") && !plan.contains("Sort"), "\(plan)")
    }

    @Test func `pages of some pools have their keys alone`() throws {
        _ = try Migrations.migrate(connection)
        let (other, third) = (SecureRandom.uuid(), SecureRandom.uuid())
        let (first, second) = (try mint("acme", seconds: 1000, pool: other), try mint("acme", seconds: 2000, pool: third))
        _ = try mint("acme", seconds: 1500)
        _ = try mint("globex", seconds: 1500, pool: other)
        func page(_ pools: [String], after uid: String?, limit: Int) throws -> [String] {
            try connection.transaction { try DelegatedKeys.page($0, .organization("acme"), pools: pools, after: uid, limit: limit).map(\.uid) }
        }
        #expect(try page([other, third], after: nil, limit: 1) == [first])
        #expect(try page([other, third], after: first, limit: 5) == [second])
        #expect(try page([], after: nil, limit: 5).isEmpty)
    }

    @Test func `a living key is found by its name, by the index, and by nobody else`() throws {
        let before = try mint("acme", seconds: 100, name: "ci.before")
        _ = try Migrations.migrate(connection)
        let uid = try mint("acme", seconds: 100, name: "ci.one")
        _ = try mint("acme", seconds: -10, name: "ci.ended")
        func found(_ org: String, _ name: String) throws -> String? {
            try connection.transaction { try DelegatedKeys.find($0, .organization(org), name: name)?.uid }
        }
        #expect(try found("acme", "ci.one") == uid && found("acme", "ci.before") == before)
        #expect(try found("globex", "ci.one") == nil && found("acme", "ci.ended") == nil && found("acme", uid) == nil)
        _ = try connection.transaction { try DelegatedKeys.revoke($0, uid: uid, by: "sam") }
        #expect(try found("acme", "ci.one") == nil)
        let plan = try connection.transaction { transaction in
            try transaction.query("SET LOCAL enable_seqscan = off")
            let rows = try transaction.query("EXPLAIN SELECT uid FROM charter.delegated_key WHERE org = 'acme' AND revoked_at IS NULL AND name = 'ci.one'")
            var lines: [String] = []
            for row in rows { lines.append(try row.text(0)) }
            return lines.joined(separator: "\n")
        }
        #expect(plan.contains("delegated_key_by_name"), "\(plan)")
    }

    @Test func `a key is found by its uid, and what is no uid is nobody's`() throws {
        _ = try Migrations.migrate(connection)
        let uid = try mint("acme", seconds: 100)
        func found(_ org: String, _ uid: String) throws -> String? {
            try connection.transaction { try DelegatedKeys.find($0, .organization(org), uid: uid)?.uid }
        }
        #expect(try found("acme", uid) == uid)
        #expect(try found("globex", uid) == nil && found("acme", "ci") == nil && found("acme", "") == nil)
    }
}
