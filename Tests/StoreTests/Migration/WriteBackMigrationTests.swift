import Crypto
import Spec
import Testing

@testable import Store

/// From the step before with a request that waits already.
@Suite struct WriteBackMigrationTests {
    @Test func `a request from before is carried out in its turn, and its key is known`() throws {
        let connection = try Fixtures.connection(before: .writeBack)
        let uid = SecureRandom.uuid()
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "r", folder: "")
            try transaction.query(
                """
                INSERT INTO charter.change_request (uid, org, unit, state, patch, caller, idempotency_key, base_revision)
                VALUES ($1, 'acme', 'main', 'pending', '{}', 'acme/ada', 'k', 0)
                """, [.text(uid)])
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.writeBack.version)
        let due = try connection.transaction { try ChangeRequests.due($0, unit: "main", limit: 9) }
        // What it asked for was written in a way that nobody reads any more.
        #expect(due.map(\.uid) == [uid] && due.map(\.asked.patch) == [ChangePatch([])])
        let draft = ChangeDraft(
            org: "acme", unit: "main", title: "", patch: ChangePatch([]), caller: "acme/ada", purpose: "", idempotencyKey: "k")
        #expect(throws: IdempotencyConflict(uid: uid)) {
            try connection.transaction { try ChangeRequests.ask($0, draft, uid: SecureRandom.uuid()) }
        }
    }
}
