package import Spec

/// One write of declared state by another hand than Charter's.
package struct DriftWrite: Hashable, Sendable {
    package var id: Int64
    package var at: Instant
    package var transaction: Int64
    /// The table, without its schema.
    package var relation: String
    /// `INSERT`, `UPDATE`, `DELETE` or `TRUNCATE`.
    package var operation: String
    /// How many rows the statement wrote; nil for TRUNCATE.
    package var rows: Int64?
    /// Nil for TRUNCATE, and for a statement that wrote more rows than are told apart.
    package var uid: String?
    /// Whoever logged in.
    package var sessionRole: String
    /// Whom that one acted as.
    package var actingRole: String
    package var application: String
    /// Of the client; nil for a Unix socket.
    package var address: String?
    /// Without literals, quoted names, numbers and comments.
    package var statement: String
}

extension DriftWrite {
    /// Who: `role by program from address`.
    package var writer: String {
        let role = actingRole == sessionRole ? sessionRole : "\(sessionRole) as \(actingRole)"
        let program = application.isEmpty ? "" : " by \(application)"
        return (role + program + (address.map { " from \($0)" } ?? "")).printable
    }

    /// Who, when and in which transaction.
    package var origin: String { "\(writer) at \(at.iso8601), transaction \(transaction)" }
}

/// Statements on what the triggers of `DriftBlame` noted.
package enum DriftWrites {
    /// Removes some of what is older than 90 days, but what a present finding is blamed on; call it again and again.
    package static func prune(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.query(
            """
            DELETE FROM charter.drift_write WHERE id IN (SELECT w.id FROM charter.drift_write w
                WHERE w.at < now() - interval '90 days'
                    AND NOT EXISTS (SELECT FROM charter.drift_finding f WHERE f.write = w.id AND f.settled_at IS NULL)
                ORDER BY w.at LIMIT \(batchMax))
            """)
    }

    /// Rows that one call removes, so that it never holds anybody up.
    private static let batchMax = 5_000

    static func columns(_ table: String) -> String {
        let at = SQLInstant.milliseconds("\(table).at")
        let names = ["txid", "relation", "operation", "rows", "uid", "session_role", "acting_role", "application", "address", "statement"]
        return (["\(table).id", at] + names.map { "\(table).\($0)" }).joined(separator: ", ")
    }
}

extension DriftWrite {
    /// Reads the columns of `DriftWrites.columns` from `column` on.
    init(_ row: Row, from column: Int) throws(DatabaseError) {
        self.init(
            id: try row.integer(column), at: try row.instant(column + 1), transaction: try row.integer(column + 2),
            relation: try row.text(column + 3), operation: try row.text(column + 4), rows: row.integerOrNil(column + 5),
            uid: row.textOrNil(column + 6), sessionRole: try row.text(column + 7), actingRole: try row.text(column + 8),
            application: try row.text(column + 9), address: row.textOrNil(column + 10), statement: try row.text(column + 11))
    }
}
