package import Spec

extension Ledger {
    /// Sums of the ledger, apart for each period and each combination of the dimensions' values that has any; together they
    /// are `sums` of the same rows, unless there are more groups than `limit`, when the rest is left out. Whole days and hours come
    /// from the rollups, which move with the rows.
    package static func report(
        _ transaction: Transaction, _ question: UsageQuestion, limit: Int? = nil
    ) throws(DatabaseError) -> [UsageGroup] {
        let statement = UsageReportStatement(question, limit: limit)
        var groups: [UsageGroup] = []
        for row in try transaction.query(statement.sql, statement.values) {
            groups.append(try statement.group(row))
        }
        return groups
    }

    /// The first hour of which the answer needs rows that were removed, while their sums stayed; nil where it is exact.
    package static func hourWithoutRows(_ transaction: Transaction, _ question: UsageQuestion) throws(DatabaseError) -> Instant? {
        let stretches = question.periods.flatMap { UsageParts($0, fromRowsOnly: question.needsRows).rows }
        guard let first = stretches.map(\.lowerBound).min(), let end = stretches.map(\.upperBound).max() else { return nil }
        let rows = try transaction.query(
            """
            SELECT \(SQLInstant.milliseconds("min(hour)")) FROM (
                SELECT hour, sum(attempts) AS attempts FROM charter.usage_hour
                WHERE hour >= $4 AND hour < $5 AND ($3::uuid[] IS NULL OR org_uid = ANY ($3)) AND EXISTS (
                    SELECT FROM unnest($1::timestamptz[], $2::timestamptz[]) AS p (lo, hi) WHERE hour + interval '1 hour' > p.lo AND hour < p.hi)
                GROUP BY hour) h
            WHERE attempts > (SELECT count(*) FROM charter.usage u WHERE u.at >= h.hour AND u.at < h.hour + interval '1 hour'
                AND ($3::uuid[] IS NULL OR u.org_uid = ANY ($3)) AND \(UsageColumns.isAttempt))
            """,
            [
                .instants(stretches.map(\.lowerBound)), .instants(stretches.map(\.upperBound)),
                question.filter.orgs.map { .texts($0) } ?? .null, .instant(RollupGrain.hour.start(of: first)), .instant(end),
            ])
        return rows[0].instantOrNil(0)
    }

    /// The lineages that a name stands for in usage: those that bear it, or else those booked under it last.
    ///
    /// `kind` is of an organization, project, key or member.
    package static func lineages(
        _ transaction: Transaction, _ kind: Kind, named name: String, in tenancy: Tenancy
    ) throws(DatabaseError) -> [String] {
        let column = column(of: kind)
        let rows = try transaction.query(
            """
            WITH borne AS (SELECT uid FROM charter.lineage
                WHERE \(Tenancy.filter(1)) AND kind = $2 AND name = $3 AND superseded_revision IS NULL)
            SELECT uid FROM borne
            UNION SELECT DISTINCT \(column)_uid FROM charter.usage_day
                WHERE \(Tenancy.filter(1)) AND \(column) = $3 AND NOT EXISTS (SELECT FROM borne)
            ORDER BY 1
            """, [kind == .organization ? .null : tenancy.value, .text(kind.rawValue), .text(name)])
        var uids: [String] = []
        for row in rows { uids.append(try row.text(0)) }
        return uids
    }

    private static func column(of kind: Kind) -> String {
        switch kind {
        case .organization: "org"
        case .project: "project"
        case .member: "member"
        default: "key"
        }
    }
}

/// The statement that answers a question, made of constant parts; every value travels as a parameter.
struct UsageReportStatement {
    private let question: UsageQuestion
    private var bound = SQLParameters()
    private(set) var sql = ""

    init(_ question: UsageQuestion, limit: Int? = nil) {
        self.question = question
        let days = parameters(\.days)
        let hours = parameters(\.hours)
        let rows = parameters(\.rows)
        let conditions = question.filter.conditions(&bound)
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let columns = question.dimensions.enumerated().map { column($1, $0) }
        let keys = columns.indices.map { "d\($0)" }
        let meters = UsageTotals.meters.map { "\(ClampedSum.clamped("sum(\($0.column))")) AS \($0.column)" }.joined(separator: ", ")
        sql = """
            WITH u AS (
                SELECT p.period, \(Self.keys), 0 AS flags, \(Self.meters) FROM \(days) JOIN charter.usage_day s ON s.day >= p.lo AND s.day < p.hi
                UNION ALL
                SELECT p.period, \(Self.keys), 0, \(Self.meters) FROM \(hours) JOIN charter.usage_hour s ON s.hour >= p.lo AND s.hour < p.hi
                UNION ALL
                SELECT p.period, \(Self.keysOfRow), s.flags, \(Self.metersOfRow) FROM \(rows) JOIN charter.usage s ON s.at >= p.lo AND s.at < p.hi
            ), g AS (
                SELECT \((["period"] + columns.flatMap { [$0.key, $0.name].compactMap { $0 } }).joined(separator: ", ")), \(meters)
                FROM u\(filter) GROUP BY \((["period"] + keys).joined(separator: ", "))
            )
            SELECT \((["period"] + columns.map(\.shown) + UsageTotals.meters.map(\.column)).joined(separator: ", "))
            FROM g\(columns.compactMap(\.join).joined()) ORDER BY period, cost DESC\(keys.map { ", \($0)" }.joined())
            """
        if let limit { sql += " LIMIT \(bound.add(.integer(Int64(limit))))" }
    }

    var values: [SQLValue] { bound.values }

    /// Of the statement's answer: the period, two columns for each dimension, then the meters.
    func group(_ row: Row) throws(DatabaseError) -> UsageGroup {
        var values: [UsageValue?] = []
        for (index, dimension) in question.dimensions.enumerated() {
            values.append(value(row.textOrNil(1 + 2 * index), row.textOrNil(2 + 2 * index), dimension))
        }
        let first = 1 + 2 * question.dimensions.count
        return UsageGroup(period: Int(try row.integer(0)), values: values, sums: try UsageTotals(row, from: first))
    }

    private func value(_ key: String?, _ name: String?, _ dimension: UsageDimension) -> UsageValue? {
        switch dimension {
        case .org, .project, .key, .member:
            guard let key, key != Self.none else { return nil }
            return UsageValue(name: name.flatMap { $0.isEmpty ? nil : $0 } ?? key, uid: key)
        case .flags:
            let names = UsageFlags(rawValue: key.flatMap(UInt16.init) ?? 0).names
            return names.isEmpty ? nil : UsageValue(name: names.joined(separator: "+"))
        case .model, .provider, .endpoint, .route, .tag:
            return key.flatMap { $0.isEmpty ? nil : UsageValue(name: $0) }
        }
    }

    /// A dimension in the inner query, and how its value and name are shown by the outer one.
    private struct Column {
        var key: String
        var name: String?
        var shown: String
        var join: String?
    }

    private mutating func column(_ dimension: UsageDimension, _ index: Int) -> Column {
        func plain(_ expression: String) -> Column { Column(key: "\(expression) AS d\(index)", shown: "d\(index), NULL") }
        func lineage(_ column: String) -> Column {
            Column(
                key: "u.\(column)_uid AS d\(index)", name: "max(u.\(column)) AS n\(index)",
                shown: "d\(index), coalesce(l\(index).name, n\(index))",
                join: " LEFT JOIN charter.lineage l\(index) ON l\(index).uid = d\(index)")
        }
        switch dimension {
        case .org: return lineage("org")
        case .project: return lineage("project")
        case .key: return lineage("key")
        case .member: return lineage("member")
        case .model: return plain("u.model")
        case .provider: return plain("split_part(u.model, '/', 1)")
        case .endpoint: return plain("u.endpoint")
        case .route: return plain("u.route")
        case .tag(let name): return plain("u.tags ->> \(bound.add(.text(name)))")
        case .flags: return plain("u.flags")
        }
    }

    /// The stretches of one kind as rows `p (period, lo, hi)`.
    private mutating func parameters(_ part: KeyPath<UsageParts, [Range<Instant>]>) -> String {
        var periods: [Int64] = []
        var stretches: [Range<Instant>] = []
        for (index, period) in question.periods.enumerated() {
            let found = UsageParts(period, fromRowsOnly: question.needsRows)[keyPath: part]
            stretches += found
            periods += Array(repeating: Int64(index), count: found.count)
        }
        let (numbers, lows) = (bound.add(.integers(periods)), bound.add(.instants(stretches.map(\.lowerBound))))
        let highs = bound.add(.instants(stretches.map(\.upperBound)))
        return "unnest(\(numbers)::bigint[], \(lows)::timestamptz[], \(highs)::timestamptz[]) AS p (period, lo, hi)"
    }

    private static let none = "00000000-0000-0000-0000-000000000000"
    private static let keys = """
        s.org_uid, s.project_uid, s.member_uid, s.key_uid, s.org, s.project, s.member, s.key, s.model, s.route, s.endpoint, s.tags
        """
    private static let keysOfRow = """
        s.org_uid, coalesce(s.project_uid, '\(none)'), coalesce(s.member_uid, '\(none)'), s.key_uid, s.org, coalesce(s.project, ''),
        coalesce(s.member, ''), s.key, s.model, coalesce(s.route, ''), s.endpoint, s.tags
        """
    private static var meters: String { UsageTotals.meters.map { "s.\($0.column)" }.joined(separator: ", ") }
    private static var metersOfRow: String {
        UsageTotals.meters.map { meter in
            switch meter.column {
            case "attempts": "(s.\(UsageColumns.isAttempt))::int"
            case "errors": "(s.status >= 400 AND s.\(UsageColumns.isAttempt))::int"
            case "estimated": "(s.estimated AND s.\(UsageColumns.isAttempt))::int"
            case "flagged": "(s.flags <> 0)::int"
            default: "s.\(meter.column)"
            }
        }.joined(separator: ", ")
    }
}
