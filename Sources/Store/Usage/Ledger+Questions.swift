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

    /// The attempts of one request in their order; empty for another organization's.
    package static func attempts(
        _ transaction: Transaction, _ tenancy: Tenancy, decision: String
    ) throws(DatabaseError) -> [UsageRow] {
        try list(transaction, tenancy, "AND decision = $2 ORDER BY attempt", [.text(decision)])
    }

    /// The newest rows first.
    package static func recent(
        _ transaction: Transaction, _ tenancy: Tenancy, limit: Int
    ) throws(DatabaseError) -> [UsageRow] {
        try list(transaction, tenancy, "ORDER BY at DESC, decision, attempt DESC LIMIT $2", [.integer(Int64(limit))])
    }

    private static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, _ clause: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [UsageRow] {
        let rows = try transaction.query(
            """
            SELECT \(SQLInstant.milliseconds("at")), \(UsageColumns.afterTime) FROM charter.usage
            WHERE \(Tenancy.filter(1)) \(clause)
            """, [tenancy.value] + values)
        var list: [UsageRow] = []
        for row in rows { list.append(try UsageRow(row)) }
        return list
    }
}
