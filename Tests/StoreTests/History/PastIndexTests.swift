import Spec
import Testing

@testable import Store

/// Questions about a part of the past must cost a part.
@Suite struct PastIndexTests {
    @Test func `among many resources no question about few of them reads the whole history`() throws {
        try Fixtures.connection().transaction { transaction in
            try transaction.query(
                """
                INSERT INTO charter.history
                SELECT gen_random_uuid(), 1 + i / 20, '', 'set', '{"spec":{"owner":"sam"}}', 'org' || i % 50, 'APIKey', 'name-' || i
                FROM generate_series(1, 40000) AS i
                """)
            try transaction.query("ANALYZE charter.history")
            let uids = try History.uids(transaction, .everything, kind: .apiKey, name: "name-77")
            #expect(uids.count == 1)
            let before = try Self.scans(transaction)
            _ = try History.uids(transaction, .everything, kind: .apiKey, name: "name-78")
            _ = try History.uids(transaction, .organization("org1"), kind: .apiKey, name: "name-101")
            #expect(try History.touched(transaction, after: 99, through: 100).count == 20)
            #expect(try History.state(transaction, at: 500, of: uids).count == 1)
            #expect(try History.versions(transaction, uid: uids[0]).count == 1)
            _ = try History.of(transaction, revision: 7, .everything)
            #expect(try Self.scans(transaction) == before)
            // What does read all of it is counted.
            #expect(try History.keys(transaction, .organization("org1"), at: 1).count == 1)
            try transaction.query("SELECT max(value) FROM charter.history")
            #expect(try Self.scans(transaction) > before)
        }
    }

    /// How often this transaction read the whole table.
    private static func scans(_ transaction: Transaction) throws -> Int64 {
        try transaction.query(
            "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE schemaname = 'charter' AND relname = 'history'")[0].integer(0)
    }
}
