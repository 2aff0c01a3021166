package import Spec

/// Statements on what was forgiven of budgets. Rows are only added: a budget counts the ledger's sum less all credits.
package enum BudgetResets {
    /// What one reset forgives of a part, and until when that part counts.
    package struct Part: Hashable, Sendable {
        package var start: Instant
        package var countsUntil: Instant
        package var amount: Int64

        package init(start: Instant, countsUntil: Instant, amount: Int64) {
            self.start = start
            self.countsUntil = countsUntil
            self.amount = amount
        }
    }

    /// Writes a reset with its parts, whose amounts are above zero and sum up to its own. Call `RuntimeSequence.advance` first, so
    /// that two at once do not forgive the same, and gateways hear of it.
    /// - Returns: the reset with its number and time.
    package static func add(_ transaction: Transaction, _ reset: BudgetReset, _ parts: [Part]) throws(DatabaseError) -> BudgetReset {
        let row = try transaction.query(
            """
            INSERT INTO charter.budget_reset
                (org, org_uid, kind, name, uid, counter, subject, window_start, window_end, amount, actor, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id, \(SQLInstant.milliseconds("at"))
            """,
            [
                .text(reset.org), .text(reset.orgUID), .text(reset.resource.kind.rawValue), .text(reset.resource.name),
                .text(reset.counter.uid), .text(reset.counter.name), .text(reset.counter.subject), .instant(reset.windowStart),
                .instant(reset.windowEnd), .integer(reset.amount), .text(reset.actor), .text(reset.reason),
            ])[0]
        var written = reset
        written.id = try row.integer(0)
        written.at = try row.instant(1)
        try transaction.query(
            """
            INSERT INTO charter.budget_credit (reset, part_start, counts_until, amount)
            SELECT $1::bigint, n.* FROM unnest($2::timestamptz[], $3::timestamptz[], $4::bigint[]) AS n
            """,
            [
                .integer(written.id), .instants(parts.map(\.start)), .instants(parts.map(\.countsUntil)),
                .integers(parts.map(\.amount)),
            ])
        return written
    }

    /// What is forgiven in all of each part that still counts at some time after `moment`; `uids` are lineages of budgets, nil for all.
    package static func credits(
        _ transaction: Transaction, uids: [String]? = nil, after moment: Instant
    ) throws(DatabaseError) -> [BudgetCredit] {
        let rows = try transaction.query(
            """
            SELECT r.uid, r.counter, r.subject, \(SQLInstant.milliseconds("c.part_start")), \(ClampedSum.clamped("sum(c.amount)"))
            FROM charter.budget_credit c JOIN charter.budget_reset r ON r.id = c.reset
            WHERE c.counts_until > $1 AND ($2::uuid[] IS NULL OR r.uid = ANY ($2::uuid[]))
            GROUP BY r.uid, r.counter, r.subject, c.part_start
            """, [.instant(moment), uids.map { .texts($0) } ?? .null])
        var credits: [BudgetCredit] = []
        for row in rows {
            credits.append(
                BudgetCredit(
                    counter: CounterID(uid: try row.text(0), name: try row.text(1), subject: try row.text(2)),
                    start: try row.instant(3), amount: try row.integer(4)))
        }
        return credits
    }

    /// The newest first.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, uids: [String]? = nil, limit: Int
    ) throws(DatabaseError) -> [BudgetReset] {
        let rows = try transaction.query(
            """
            SELECT id, \(SQLInstant.milliseconds("at")), org, org_uid, org, kind, name, uid, counter, subject,
                \(SQLInstant.milliseconds("window_start")), \(SQLInstant.milliseconds("window_end")), amount, actor, reason
            FROM charter.budget_reset WHERE \(Tenancy.filter(1)) AND ($2::uuid[] IS NULL OR uid = ANY ($2::uuid[]))
            ORDER BY id DESC LIMIT $3
            """, [tenancy.value, uids.map { .texts($0) } ?? .null, .integer(Int64(limit))])
        var resets: [BudgetReset] = []
        for row in rows { resets.append(try BudgetReset(row)) }
        return resets
    }
}

extension BudgetReset {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        self.init(
            org: try row.text(2), orgUID: try row.text(3), resource: try ResourceKey(row, from: 4),
            counter: CounterID(uid: try row.text(7), name: try row.text(8), subject: try row.text(9)),
            windowStart: try row.instant(10), windowEnd: try row.instant(11), amount: try row.integer(12), actor: try row.text(13),
            reason: try row.text(14))
        id = try row.integer(0)
        at = try row.instant(1)
    }
}
