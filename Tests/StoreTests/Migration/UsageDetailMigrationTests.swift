import Crypto
import Spec
import Testing

@testable import Store

/// From step 27 to 28 with usage in the ledger.
@Suite struct UsageDetailMigrationTests {
    private static let org = SecureRandom.uuid()
    private static let key = SecureRandom.uuid()

    /// Two months of rows, half of them with a route, and the rollup as step 10 had it.
    private func filled() throws -> Connection {
        let connection = try Fixtures.connection(before: .usageDetail)
        let months = [Month(year: 2026, month: 10), Month(year: 2026, month: 11)]
        try connection.transaction { transaction in
            for statement in months.flatMap(\.creation) { try transaction.query(statement) }
            try transaction.query(
                """
                INSERT INTO charter.usage (at, epoch, org_uid, member_uid, key_uid, org, member, key, decision, attempt, endpoint,
                    requested_model, model, route, status, input, output, cache_read, cache_write, reasoning, other_meters, tokens,
                    requests, cost, estimated, revision, price_version, latency_ms, detail)
                SELECT '2026-10-20T00:17:00Z'::timestamptz + i * interval '97 minutes', 1, $1, $2, $2, 'acme', 'sam', 'main', 'd' || i, 1,
                    'embeddings', 'm', 'openai/m' || i % 3, CASE WHEN i % 2 = 0 THEN 'assistant' END,
                    CASE WHEN i % 7 = 0 THEN 502 ELSE 200 END, i, 2, 3, 4, 5, '{}', i + 2, 1, i * 11, i % 5 = 0, 1, 'v', 1, '{}'
                FROM generate_series(1, 400) i
                """, [.text(Self.org), .text(Self.key)])
            try transaction.query(
                """
                INSERT INTO charter.usage_rollup
                SELECT org_uid, date_trunc('hour', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', '00000000-0000-0000-0000-000000000000',
                    member_uid, key_uid, model, sum(requests), sum(tokens), sum(input), sum(output), sum(cost), count(*),
                    count(*) FILTER (WHERE status >= 400), count(*) FILTER (WHERE estimated)
                FROM charter.usage GROUP BY 1, 2, 4, 5, 6
                """)
        }
        return connection
    }

    private static let sums = "sum(attempts), sum(requests), sum(tokens), sum(input), sum(output), sum(cost), sum(errors), sum(estimated)"

    private func integers(_ connection: Connection, _ sql: String) throws -> [Int64] {
        try connection.transaction { try $0.query(sql).map { row in try (0..<8).map { try row.integer($0) } }.flatMap { $0 } }
    }

    @Test func `a filled ledger keeps every sum, and gains what it tells apart`() throws {
        let connection = try filled()
        let before = try integers(connection, "SELECT \(Self.sums) FROM charter.usage_rollup")
        #expect(try Migrations.migrate(connection).map(\.version).first == 28)
        try Migrations.check(connection)
        #expect(try integers(connection, "SELECT \(Self.sums) FROM charter.usage_hour") == before)
        #expect(try integers(connection, "SELECT \(Self.sums) FROM charter.usage_day") == before)
        let detail = try connection.transaction {
            try $0.query(
                """
                SELECT sum(cache_read), sum(cache_write), sum(reasoning), sum(cost) FILTER (WHERE route = 'assistant'),
                    count(DISTINCT endpoint), max(member) = 'sam' FROM charter.usage_day
                """)[0]
        }
        #expect(try (0..<3).map { try detail.integer($0) } == [1_200, 1_600, 2_000])
        #expect(try detail.integer(3) == (1...200 as ClosedRange<Int64>).reduce(0) { $0 + $1 * 2 * 11 })
        #expect(try detail.integer(4) == 1)
        #expect(try detail.boolean(5))
        // What a day of the ledger is told to be, it is.
        let isEqual = try connection.transaction {
            try $0.query(
                """
                SELECT NOT EXISTS (SELECT date_trunc('day', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', model, sum(cost) FROM charter.usage
                    GROUP BY 1, 2 EXCEPT SELECT day, model, sum(cost) FROM charter.usage_day GROUP BY 1, 2)
                """)[0].boolean(0)
        }
        #expect(isEqual)
    }

    @Test func `sums of months whose rows are gone stay`() throws {
        let connection = try filled()
        let before = try integers(connection, "SELECT \(Self.sums) FROM charter.usage_rollup")
        try connection.transaction {
            try $0.query("DROP TABLE charter.usage_2026_10")
            try $0.query("DELETE FROM charter.usage WHERE decision = 'd399'")
        }
        _ = try Migrations.migrate(connection)
        #expect(try integers(connection, "SELECT \(Self.sums) FROM charter.usage_hour") == before)
        #expect(try integers(connection, "SELECT \(Self.sums) FROM charter.usage_day") == before)
    }

    @Test func `rows of a gateway that does not know the new columns are taken with none of it`() throws {
        let connection = try filled()
        _ = try Migrations.migrate(connection)
        let row = try connection.transaction { try Ledger.recent($0, .everything, limit: 1) }.first
        #expect(row?.terms.tags == UsageTerms.noTags)
        #expect(row?.flags == [])
    }
}

extension Month {
    /// As gateways made months before step 40.
    var creation: [String] {
        [
            "CREATE TABLE \(table) (LIKE charter.usage INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
            """
            ALTER TABLE charter.usage ATTACH PARTITION \(table)
            FOR VALUES FROM ('\(SQLInstant.text(start))') TO ('\(SQLInstant.text(next.start))')
            """,
        ]
    }
}
