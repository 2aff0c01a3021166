package import Spec

/// Sums over the ledger.
package struct UsageSums: Hashable, Sendable {
    package var attempts: Int64
    package var requests: Int64
    package var tokens: Int64
    package var input: Int64
    package var output: Int64
    package var cost: NanoUSD
    package var estimated: Int64
}

extension Ledger {
    /// The sums of what a subject used at or after `from` and before `to`, from the rows themselves.
    package static func sums(
        _ transaction: Transaction, _ subject: UsageSubject, from: Instant, to: Instant
    ) throws(DatabaseError) -> UsageSums {
        let row = try transaction.query(
            """
            SELECT count(*) FILTER (WHERE \(UsageColumns.isAttempt)), coalesce(sum(requests), 0), coalesce(sum(tokens), 0), coalesce(sum(input), 0),
                coalesce(sum(output), 0), coalesce(sum(cost), 0), count(*) FILTER (WHERE estimated AND \(UsageColumns.isAttempt))
            FROM charter.usage u
            WHERE org_uid = $1 AND ($2::uuid IS NULL OR project_uid = $2) AND ($3::uuid IS NULL OR member_uid = $3)
                AND ($4::uuid IS NULL OR key_uid = $4)
                AND ($5::text[] IS NULL OR \(UsageSubject.models("u", like: "$5::text[]")))
                AND at >= $6 AND at < $7
            """,
            [
                .text(subject.orgUID), .text(subject.projectUID), .text(subject.memberUID), .text(subject.keyUID),
                subject.likePatterns.map { .texts($0) } ?? .null, .instant(from), .instant(to),
            ])[0]
        return UsageSums(
            attempts: try row.integer(0), requests: try row.integer(1), tokens: try row.integer(2),
            input: try row.integer(3), output: try row.integer(4), cost: NanoUSD(try row.integer(5)),
            estimated: try row.integer(6))
    }

    /// The attempts of one request in their order, each before the corrections of its price; empty where the filter admits none.
    ///
    /// The time in the name leaves two of the months' partitions to look in, by an index.
    package static func attempts(
        _ transaction: Transaction, of decision: DecisionName, _ filter: UsageFilter
    ) throws(DatabaseError) -> [UsageRow] {
        var parameters = SQLParameters()
        var conditions = ["u.decision = \(parameters.add(.text(decision.text)))"]
        conditions.append("u.at >= \(parameters.add(.instant(decision.span.lowerBound)))")
        conditions.append("u.at < \(parameters.add(.instant(decision.span.upperBound)))")
        conditions += filter.conditions(&parameters)
        let rows = try transaction.query(
            """
            SELECT \(SQLInstant.milliseconds("at")), \(UsageColumns.afterTime) FROM charter.usage u
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY u.attempt, (\(UsageColumns.isAttempt)) DESC, u.at, u.ctid
            """, parameters.values)
        return try read(rows)
    }

    /// The newest rows first.
    package static func recent(
        _ transaction: Transaction, _ tenancy: Tenancy, limit: Int
    ) throws(DatabaseError) -> [UsageRow] {
        try read(
            transaction.query(
                """
                SELECT \(SQLInstant.milliseconds("at")), \(UsageColumns.afterTime) FROM charter.usage
                WHERE \(Tenancy.filter(1)) ORDER BY at DESC, decision, attempt DESC LIMIT $2
                """, [tenancy.value, .integer(Int64(limit))]))
    }

    private static func read(_ rows: Rows) throws(DatabaseError) -> [UsageRow] {
        var list: [UsageRow] = []
        for row in rows { list.append(try UsageRow(row)) }
        return list
    }
}
