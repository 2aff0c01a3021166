internal import Crypto
package import Spec

/// The ledger summed by hour and by day of UTC.
enum Rollups {
    /// Adds a shipment's rows, one row for each key of a rollup, in the order of keys so that two shipments cannot deadlock.
    static func add(_ transaction: Transaction, _ rows: [UsageRow]) throws(DatabaseError) {
        let hours = totals(of: rows)
        var days: [RollupKey: UsageTotals] = [:]
        for (hour, sums) in hours {
            var day = hour
            day.start = RollupGrain.day.start(of: hour.start)
            days[day, default: UsageTotals()].add(sums)
        }
        try upsert(transaction, .hour, hours)
        try upsert(transaction, .day, days)
    }

    private static func upsert(
        _ transaction: Transaction, _ grain: RollupGrain, _ totals: [RollupKey: UsageTotals]
    ) throws(DatabaseError) {
        let sorted = totals.sorted { $0.key < $1.key }
        let (keys, sums) = (sorted.map(\.key), sorted.map(\.value))
        let values: [SQLValue] = [
            .texts(keys.map(\.terms.orgUID)), .instants(keys.map(\.start)), .texts(keys.map(\.projectUID)),
            .texts(keys.map(\.memberUID)), .texts(keys.map(\.terms.keyUID)), .texts(keys.map(\.terms.model)),
            .texts(keys.map(\.route)), .texts(keys.map(\.terms.endpoint)), .texts(keys.map(\.tagsID)),
            .texts(keys.map(\.terms.tags)), .texts(keys.map(\.terms.org)), .texts(keys.map { $0.terms.project ?? "" }),
            .texts(keys.map { $0.terms.member ?? "" }), .texts(keys.map(\.terms.key)),
        ]
        try transaction.query(statement(grain), values + UsageTotals.meters.map { meter in .integers(sums.map { $0[keyPath: meter.sum] }) })
    }

    /// First by terms, which are compared by identity, since the texts of a key are many and the terms few.
    private static func totals(of rows: [UsageRow]) -> [RollupKey: UsageTotals] {
        var groups: [HourOfTerms: (terms: UsageTerms, sums: UsageTotals)] = [:]
        for row in rows { groups[HourOfTerms(row), default: (row.terms, UsageTotals())].sums.add(row) }
        var totals: [RollupKey: UsageTotals] = [:]
        for (group, found) in groups {
            totals[RollupKey(found.terms, start: group.hour), default: UsageTotals()].add(found.sums)
        }
        return totals
    }

    private static func statement(_ grain: RollupGrain) -> String {
        let keys = "org_uid, \(grain.column), project_uid, member_uid, key_uid, model, route, endpoint, tags_id"
        let names = ["org", "project", "member", "key"]
        let meters = UsageTotals.meters.map(\.column)
        let types = """
            $1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[],
            $10::text[], $11::text[], $12::text[], $13::text[], $14::text[]
            """
        let sums = meters.indices.map { ", $\($0 + 15)::bigint[]" }.joined()
        return """
            INSERT INTO \(grain.table) AS u (\(keys), tags, \((names + meters).joined(separator: ", ")))
            SELECT \(keys), tags::jsonb, \((names + meters).joined(separator: ", "))
            FROM unnest(\(types)\(sums)) AS n (\(keys), tags, \((names + meters).joined(separator: ", ")))
            ON CONFLICT (\(keys)) DO UPDATE SET \(names.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")),
                \(meters.map { "\($0) = \(ClampedSum.sql("u.\($0)", "excluded.\($0)"))" }.joined(separator: ", "))
            """
    }
}

/// How long the stretches are over which a rollup sums.
package enum RollupGrain: Sendable {
    case hour, day

    var table: String { self == .hour ? "charter.usage_hour" : "charter.usage_day" }
    /// The beginning of the stretch.
    var column: String { self == .hour ? "hour" : "day" }
    var milliseconds: Int64 { self == .hour ? 3_600_000 : CivilDate.millisecondsPerDay }

    /// The full hour or day of UTC in which the moment lies.
    package func start(of instant: Instant) -> Instant {
        let remainder = instant.milliseconds % milliseconds
        return Instant(milliseconds: instant.milliseconds - (remainder < 0 ? remainder + milliseconds : remainder))
    }
}

private struct HourOfTerms: Hashable {
    var terms: ObjectIdentifier
    var hour: Instant

    init(_ row: UsageRow) {
        terms = ObjectIdentifier(row.terms)
        hour = RollupGrain.hour.start(of: row.at)
    }
}

/// The rows of a rollup; two of the same key differ in the terms they were made from, in nothing that the key compares.
private struct RollupKey: Hashable, Comparable {
    var terms: UsageTerms
    var start: Instant
    var projectUID: String
    var memberUID: String
    var route: String
    var tagsID: String

    init(_ terms: UsageTerms, start: Instant) {
        self.terms = terms
        self.start = start
        projectUID = terms.projectUID ?? Self.none
        memberUID = terms.memberUID ?? Self.none
        route = terms.route ?? ""
        tagsID = terms.tags == UsageTerms.noTags ? Self.none : String(SHA256.digest(terms.tags).hex.prefix(Self.uuidDigits))
    }

    private var leading: (String, Instant, String, String, String) {
        (terms.orgUID, start, projectUID, memberUID, terms.keyUID)
    }
    private var trailing: (String, String, String, String) { (terms.model, route, terms.endpoint, tagsID) }

    static func < (a: RollupKey, b: RollupKey) -> Bool {
        a.leading == b.leading ? a.trailing < b.trailing : a.leading < b.leading
    }

    static func == (a: RollupKey, b: RollupKey) -> Bool { a.leading == b.leading && a.trailing == b.trailing }

    func hash(into hasher: inout Hasher) {
        hasher.combine(terms.keyUID)
        hasher.combine(terms.model)
        hasher.combine(start)
    }

    /// Stands in the primary key for a project or member that there is none of, and for no tags.
    private static let none = "00000000-0000-0000-0000-000000000000"
    /// PostgreSQL reads a `uuid` without its hyphens too.
    private static let uuidDigits = 32
}
