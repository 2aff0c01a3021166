package import Spec

/// That no commit is applied to a unit which declares anything of what a rollback undid.
package struct UnitHold: Hashable, Sendable {
    package var unit: String
    /// The first revision that a rollback made since the unit was last free.
    package var revision: Int64
    /// The revision whose state is held.
    package var restored: Int64
    /// Who rolled back last.
    package var actor: String
    package var reason: String
    package var since: Instant
}

/// Statements on the holds of units.
package enum UnitHolds {
    /// Holds a unit since the rollback that made `revision`; of several rollbacks without an end between them, since the first.
    package static func set(
        _ transaction: Transaction, unit: String, revision: Int64, actor: String, reason: String
    ) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.hold (unit, revision, actor, reason) VALUES ($1, $2, $3, $4)
            ON CONFLICT (unit) DO UPDATE SET actor = excluded.actor, reason = excluded.reason, since = now()
            """, [.text(unit), .integer(revision), .text(actor), .text(reason)])
    }

    /// False when the unit was not held.
    package static func end(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Bool {
        try !transaction.query("DELETE FROM charter.hold WHERE unit = $1 RETURNING unit", [.text(unit)]).isEmpty
    }

    package static func of(_ transaction: Transaction, unit: String) throws(DatabaseError) -> UnitHold? {
        try list(transaction).first { $0.unit == unit }
    }

    /// In the order of the units' names.
    package static func list(_ transaction: Transaction) throws(DatabaseError) -> [UnitHold] {
        let rows = try transaction.query(
            """
            SELECT h.unit, h.revision, (
                    SELECT r.restored FROM charter.revision r
                    WHERE r.unit = h.unit AND r.act = 'rollback' ORDER BY r.id DESC LIMIT 1),
                h.actor, h.reason, \(SQLInstant.milliseconds("h.since"))
            FROM charter.hold h ORDER BY h.unit
            """)
        var found: [UnitHold] = []
        for row in rows {
            found.append(
                UnitHold(
                    unit: try row.text(0), revision: try row.integer(1), restored: row.integerOrNil(2) ?? 0,
                    actor: try row.text(3), reason: try row.text(4), since: try row.instant(5)))
        }
        return found
    }
}
