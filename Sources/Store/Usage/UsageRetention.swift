package import Spec

/// Takes out of the ledger what an organization does not want kept any longer. The sums by hour and by day stay, and with them
/// bills and budgets.
package enum UsageRetention {
    package enum Part: String, Sendable {
        /// Whole rows.
        case usage
        /// Why requests were answered as they were, in rows that stay.
        case decisions
    }

    /// What a step has done.
    package struct Step: Hashable, Sendable {
        package var rows: Int
        /// Whether nothing is left to do for now, or another gateway is at it.
        package var isLast: Bool
    }

    /// Removes some of what is older than `end`, the oldest first; at most `rowsMax` rows, of one hour. Both are to be so that a
    /// step is short: whoever ships waits for it.
    ///
    /// `end` is a full hour of UTC. What was removed is not looked for again, so a row that is shipped after its time was
    /// reached stays.
    package static func step(
        _ transaction: Transaction, orgUID: String, _ part: Part, before end: Instant, rowsMax: Int
    ) throws(DatabaseError) -> Step {
        let name: [SQLValue] = [.text(orgUID), .text(part.rawValue)]
        guard let done = try lockedMark(transaction, name), done < end else { return Step(rows: 0, isLast: true) }
        let found = try transaction.query(
            """
            SELECT \(SQLInstant.milliseconds("min(hour)")) FROM charter.usage_hour WHERE org_uid = $1 AND hour >= $2 AND hour < $3
            """, [.text(orgUID), .instant(done), .instant(end)])
        guard let hour = found[0].instantOrNil(0) else {
            try mark(transaction, name, end)
            return Step(rows: 0, isLast: true)
        }
        let next = Instant(milliseconds: hour.milliseconds + RollupGrain.hour.milliseconds)
        // Nobody may correct what is being removed.
        if part == .usage { try Cells.lockShared(transaction) }
        var rows = 0
        for piece in part.pieces where rows < rowsMax {
            let removed = try transaction.query(
                "SELECT charter.remove_usage($1, $2::uuid, $3::timestamptz, $4::timestamptz, $5::bigint)",
                [.text(piece), .text(orgUID), .instant(hour), .instant(next), .integer(Int64(rowsMax - rows))])
            rows += Int(try removed[0].integer(0))
        }
        if rows < rowsMax { try mark(transaction, name, next) }
        return Step(rows: rows, isLast: false)
    }

    /// How far it is done; nil where another gateway is at it.
    private static func lockedMark(_ transaction: Transaction, _ name: [SQLValue]) throws(DatabaseError) -> Instant? {
        // Looked for before it is made: an insertion would wait for whoever changes the row.
        let known = try transaction.query("SELECT FROM charter.retention WHERE org_uid = $1 AND part = $2", name)
        if known.isEmpty {
            try transaction.query(
                "INSERT INTO charter.retention (org_uid, part, done_to) VALUES ($1, $2, to_timestamp(0)) ON CONFLICT DO NOTHING", name)
        }
        let marks = try transaction.query(
            """
            SELECT \(SQLInstant.milliseconds("done_to")) FROM charter.retention
            WHERE org_uid = $1 AND part = $2 FOR UPDATE SKIP LOCKED
            """, name)
        return try marks.first?.instant(0)
    }

    private static func mark(_ transaction: Transaction, _ name: [SQLValue], _ done: Instant) throws(DatabaseError) {
        try transaction.query(
            "UPDATE charter.retention SET done_to = $3 WHERE org_uid = $1 AND part = $2", name + [.instant(done)])
    }
}

extension UsageRetention.Part {
    /// One after the other, as `charter.remove_usage` names them. An hour lies in one partition, in which a row's place is unique.
    ///
    /// Corrections go when no attempt of the hour is left: one that is there has all of its corrections.
    fileprivate var pieces: [String] {
        switch self {
        case .usage: ["attempts", "corrections"]
        case .decisions: ["decisions"]
        }
    }
}
