internal import Spec

/// Statements on what lets plans pass. Times are the database's.
package enum Approvals {
    /// Adds a member's word, good for `within`; or answers the one on that plan that the member gave before and that still holds.
    package static func add(
        _ transaction: Transaction, digest: String, unit: String, org: String, member: String, reason: String,
        within: Duration
    ) throws(DatabaseError) -> (approval: Approval, isRepeated: Bool) {
        // Of two calls at once the second sees the word of the first.
        try Audit.hold(transaction)
        let given = try list(
            transaction, "WHERE digest = $1 AND unit = $2 AND org = $3 AND member = $4 AND expires_at > now() ORDER BY expires_at DESC LIMIT 1",
            [.text(digest), .text(unit), .text(org), .text(member)])
        if let word = given.first { return (word, true) }
        let rows = try transaction.query(
            """
            INSERT INTO charter.approval (digest, unit, org, member, reason, expires_at)
            VALUES ($1, $2, $3, $4, $5, now() + $6::bigint * interval '1 millisecond')
            RETURNING \(columns)
            """,
            [
                .text(digest), .text(unit), .text(org), .text(member), .text(reason), .integer(within.wholeMilliseconds),
            ])
        return (try Approval(rows[0]), false)
    }

    /// Of one plan, expired ones as well, the oldest first.
    package static func of(_ transaction: Transaction, digest: String) throws(DatabaseError) -> [Approval] {
        try list(transaction, "WHERE digest = $1 ORDER BY id", [.text(digest)])
    }

    /// Of a unit, the newest first.
    package static func of(_ transaction: Transaction, unit: String, limit: Int) throws(DatabaseError) -> [Approval] {
        try list(transaction, "WHERE unit = $1 ORDER BY id DESC LIMIT $2", [.text(unit), .integer(Int64(limit))])
    }

    private static func list(
        _ transaction: Transaction, _ clause: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [Approval] {
        var found: [Approval] = []
        for row in try transaction.query("SELECT \(columns) FROM charter.approval \(clause)", values) {
            found.append(try Approval(row))
        }
        return found
    }

    private static let columns = """
        id, digest, unit, org, member, reason, \(SQLInstant.milliseconds("at")), \(SQLInstant.milliseconds("expires_at")),
            expires_at <= now()
        """
}

/// Statements on plans that are held back.
package enum WaitingPlans {
    /// Records what a unit waits for, in place of what it waited for before; writes nothing when it is the same.
    package static func record(_ transaction: Transaction, _ plan: WaitingPlan) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.waiting_plan AS w (unit, digest, commit, author, blocks, remarks)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (unit) DO UPDATE SET digest = excluded.digest, commit = excluded.commit, author = excluded.author,
                blocks = excluded.blocks, remarks = excluded.remarks,
                since = CASE WHEN w.digest = excluded.digest THEN w.since ELSE now() END
            WHERE (w.digest, w.commit, w.author, w.blocks::text, w.remarks::text)
                IS DISTINCT FROM (excluded.digest, excluded.commit, excluded.author, excluded.blocks::text, excluded.remarks::text)
            """,
            [
                .text(plan.unit), .text(plan.digest), .text(plan.commit), .text(plan.author), .text(plan.blocks),
                .text(plan.remarks),
            ])
    }

    /// The unit waits for nothing.
    package static func clear(_ transaction: Transaction, unit: String) throws(DatabaseError) {
        try transaction.query("DELETE FROM charter.waiting_plan WHERE unit = $1", [.text(unit)])
    }

    /// In the order of the units' names.
    package static func list(_ transaction: Transaction) throws(DatabaseError) -> [WaitingPlan] {
        let rows = try transaction.query(
            """
            SELECT unit, digest, commit, author, \(SQLInstant.milliseconds("since")), blocks, remarks
            FROM charter.waiting_plan ORDER BY unit
            """)
        var found: [WaitingPlan] = []
        for row in rows {
            found.append(
                WaitingPlan(
                    unit: try row.text(0), digest: try row.text(1), commit: try row.text(2), author: try row.text(3),
                    since: try row.instant(4), blocks: try row.text(5), remarks: try row.text(6)))
        }
        return found
    }
}

extension Approval {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: try row.integer(0), digest: try row.text(1), unit: try row.text(2), org: try row.text(3),
            member: try row.text(4), reason: try row.text(5), at: try row.instant(6), expiresAt: try row.instant(7),
            isExpired: try row.boolean(8))
    }
}
