import Crypto
import Testing

@testable import Store

/// The step that made keys of pools out of the delegated keys before.
@Suite struct KeyPoolMigrationTests {
    @Test func `a key from before has a name and is still there`() throws {
        let connection = try Fixtures.connection(before: .keyPools)
        let (uid, org, pool) = (SecureRandom.uuid(), SecureRandom.uuid(), SecureRandom.uuid())
        try connection.transaction { transaction in
            try transaction.query(
                """
                INSERT INTO charter.delegated_key (uid, org, org_uid, parent_uid, digest, caller, idempotency_key, expires_at)
                VALUES ($1, 'acme', $2, $3, $4, 'sam', 'k', now() + interval '1 hour')
                """, [.text(uid), .text(org), .text(pool), .digest(SHA256.digest("secret"))])
        }
        try Migrations.migrate(connection)
        let found = try connection.transaction { try DelegatedKeys.alive($0) }
        #expect(found.map(\.uid) == [uid] && found.map(\.name) == [uid] && found.map(\.poolUID) == [pool])
        #expect(found.first?.scopes == nil && found.first?.models == nil && found.first?.digest == SHA256.digest("secret"))
    }
}
