package import Spec

/// How one condition of a unit stood when it was last recorded.
package struct ConditionMark: Hashable, Sendable {
    package var unit: String
    package var name: String
    /// `True`, `False` or `Unknown`.
    package var status: String
    /// A word in CamelCase.
    package var reason: String
    /// When the status last changed.
    package var since: Instant

    package init(unit: String, name: String, status: String, reason: String, since: Instant) {
        self.unit = unit
        self.name = name
        self.status = status
        self.reason = reason
        self.since = since
    }
}

/// Statements on how units stood.
package enum ConditionMarks {
    /// Writes nothing where status and reason are as recorded, and keeps the time where the status is.
    package static func record(_ transaction: Transaction, _ marks: [ConditionMark]) throws(DatabaseError) {
        for mark in marks {
            try transaction.query(
                """
                INSERT INTO charter.condition AS c (unit, name, status, reason, since) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (unit, name) DO UPDATE SET status = excluded.status, reason = excluded.reason,
                    since = CASE WHEN c.status = excluded.status THEN c.since ELSE excluded.since END
                WHERE (c.status, c.reason) <> (excluded.status, excluded.reason)
                """, [.text(mark.unit), .text(mark.name), .text(mark.status), .text(mark.reason), .instant(mark.since)])
        }
    }

    /// Of all units, in the order of names.
    package static func list(_ transaction: Transaction) throws(DatabaseError) -> [ConditionMark] {
        let rows = try transaction.query(
            """
            SELECT unit, name, status, reason, \(SQLInstant.milliseconds("since")) FROM charter.condition ORDER BY unit, name
            """)
        var marks: [ConditionMark] = []
        for row in rows {
            marks.append(
                ConditionMark(
                    unit: try row.text(0), name: try row.text(1), status: try row.text(2), reason: try row.text(3),
                    since: try row.instant(4)))
        }
        return marks
    }
}
