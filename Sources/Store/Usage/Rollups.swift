internal import Spec

/// The ledger summed by hour.
enum Rollups {
    /// Adds a shipment's rows, one row for each key of the rollup, in the order of keys so that two shipments cannot deadlock.
    static func add(_ transaction: Transaction, _ rows: [UsageRow]) throws(DatabaseError) {
        let totals = totals(of: rows)
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

    /// First by terms, which are compared by identity, since the texts of a key are many and the terms few.
    private static func totals(of rows: [UsageRow]) -> [RollupKey: RollupTotals] {
        var groups: [HourOfTerms: RollupTotals] = [:]
        for row in rows { groups[HourOfTerms(row), default: RollupTotals(terms: row.terms)].add(row) }
        var totals: [RollupKey: RollupTotals] = [:]
        for (group, sums) in groups {
            let key = RollupKey(sums.terms, hour: group.hour)
            totals[key] = totals[key].map { $0 + sums } ?? sums
        }
        return totals
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

private struct HourOfTerms: Hashable {
    var terms: ObjectIdentifier
    var hour: Instant

    init(_ row: UsageRow) {
        terms = ObjectIdentifier(row.terms)
        hour = WholeHours.hour(of: row.at)
    }
}

private struct RollupKey: Hashable, Comparable {
    var orgUID: String
    var hour: Instant
    var projectUID: String
    var memberUID: String
    var keyUID: String
    var model: String

    init(_ terms: UsageTerms, hour: Instant) {
        orgUID = terms.orgUID
        self.hour = hour
        projectUID = terms.projectUID ?? Self.none
        memberUID = terms.memberUID ?? Self.none
        keyUID = terms.keyUID
        model = terms.model
    }

    static func < (a: RollupKey, b: RollupKey) -> Bool {
        (a.orgUID, a.hour, a.projectUID, a.memberUID, a.keyUID, a.model)
            < (b.orgUID, b.hour, b.projectUID, b.memberUID, b.keyUID, b.model)
    }

    /// Stands in the primary key for a project or member that there is none of.
    private static let none = "00000000-0000-0000-0000-000000000000"
}

private struct RollupTotals {
    /// Of one of the rows.
    var terms: UsageTerms
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
    static func + (a: RollupTotals, b: RollupTotals) -> RollupTotals {
        var sum = a
        sum.requests += b.requests
        sum.tokens += b.tokens
        sum.input += b.input
        sum.output += b.output
        sum.cost += b.cost
        sum.attempts += b.attempts
        sum.errors += b.errors
        sum.estimated += b.estimated
        return sum
    }
}
