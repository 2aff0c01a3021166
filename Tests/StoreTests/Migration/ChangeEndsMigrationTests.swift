import Crypto
import Spec
import Testing

@testable import Store

/// From the step before with requests that are over already.
@Suite struct ChangeEndsMigrationTests {
    @Test func `a request that was over before goes after its time, and its branch is nobody's to take away`() throws {
        let connection = try Fixtures.connection(before: .changeEnds)
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "r", folder: "")
            try transaction.query(
                """
                INSERT INTO charter.change_request
                    (uid, org, unit, state, patch, caller, idempotency_key, base_revision, created_at, decided_at)
                VALUES ($1, 'acme', 'main', 'withdrawn', '{}', 'acme/ada', 'k', 0, now() - interval '3 days', now() - interval '3 days')
                """, [.text(SecureRandom.uuid())])
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.changeEnds.version)
        let left = try connection.transaction { try ChangeRequests.withBranchLeft($0, unit: "main", limit: 9) }
        #expect(left.isEmpty)
        let counts = try [4, 2].map { days in
            try connection.transaction { try ChangeRequests.prune($0, unit: "main", after: .seconds(days * 86_400), limit: 9) }
        }
        #expect(counts == [0, 1])
    }
}
