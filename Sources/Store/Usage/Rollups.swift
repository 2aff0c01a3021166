internal import Spec

/// The ledger summed by hour.
enum Rollups {
    /// Adds a shipment's rows, one row for each key of the rollup, in the order of keys so that two shipments cannot deadlock.
    static func add(_ transaction: Transaction, _ rows: [UsageRow]) throws(DatabaseError) {
        var totals: [RollupKey: RollupTotals] = [:]
        for row in rows { totals[RollupKey(row), default: RollupTotals()].add(row) }
        let sorted = totals.sorted { $0.key < $1.key }
        let (keys, sums) = (sorted.map(\.key), sorted.map(\.value))
        try transaction.query(
            statement,
            [
                .texts(keys.map(\.orgUID)), .instants(keys.map(\.hour)), .texts(keys.map(\.projectUID)),
                .texts(keys.map(\.memberUID)), .texts(keys.map(\.keyUID)), .texts(keys.map(\.model)),
                .integers(sums.map(\.requests)), .integers(sums.map(\.tokens)), .integers(sums.map(\.input)),
                .integers(sums.map(\.output)), .integers(sums.map(\.cost)), .integers(sums.map(\.attempts)),
                .integers(sums.map(\.errors)), .integers(sums.map(\.estimated)),
            ])
    }

    private static let statement = """
        INSERT INTO charter.usage_rollup AS u (org_uid, hour, project_uid, member_uid, key_uid, model, requests, tokens,
            input, output, cost, attempts, errors, estimated)
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[],
            $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
        ON CONFLICT (org_uid, hour, project_uid, member_uid, key_uid, model) DO UPDATE SET
            requests = u.requests + excluded.requests, tokens = u.tokens + excluded.tokens,
            input = u.input + excluded.input, output = u.output + excluded.output, cost = u.cost + excluded.cost,
            attempts = u.attempts + excluded.attempts, errors = u.errors + excluded.errors,
            estimated = u.estimated + excluded.estimated
        """
}

private struct RollupKey: Hashable, Comparable {
    var orgUID: String
    var hour: Instant
    var projectUID: String
    var memberUID: String
    var keyUID: String
    var model: String

    init(_ row: UsageRow) {
        orgUID = row.orgUID
        hour = WholeHours.hour(of: row.at)
        projectUID = row.projectUID ?? Self.none
        memberUID = row.memberUID ?? Self.none
        keyUID = row.keyUID
        model = row.model
    }

    static func < (a: RollupKey, b: RollupKey) -> Bool {
        (a.orgUID, a.hour, a.projectUID, a.memberUID, a.keyUID, a.model)
            < (b.orgUID, b.hour, b.projectUID, b.memberUID, b.keyUID, b.model)
    }

    /// Stands in the primary key for a project or member that there is none of.
    private static let none = "00000000-0000-0000-0000-000000000000"
}

private struct RollupTotals {
    var requests: Int64 = 0
    var tokens: Int64 = 0
    var input: Int64 = 0
    var output: Int64 = 0
    var cost: Int64 = 0
    var attempts: Int64 = 0
    var errors: Int64 = 0
    var estimated: Int64 = 0

    mutating func add(_ row: UsageRow) {
        requests += row.requests
        tokens += row.tokens
        input += row.input
        output += row.output
        cost += row.cost.rawValue
        attempts += 1
        errors += row.status >= 400 ? 1 : 0
        estimated += row.estimated ? 1 : 0
    }
}
