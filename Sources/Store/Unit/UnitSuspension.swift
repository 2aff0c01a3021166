package import Spec

/// That nothing is applied to a unit, since somebody said so.
package struct UnitSuspension: Hashable, Sendable {
    package var unit: String
    package var actor: String
    package var reason: String
    package var since: Instant
    /// Nil until somebody resumes the unit.
    package var until: Instant?
}

/// Statements on suspensions of units; one whose time is over, by the database's clock, suspends nobody.
package enum UnitSuspensions {
    /// Suspends a unit, or says so anew with another reason or end.
    package static func set(
        _ transaction: Transaction, unit: String, actor: String, reason: String, until: Instant?
    ) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.suspension AS s (unit, actor, reason, until) VALUES ($1, $2, $3, $4)
            ON CONFLICT (unit) DO UPDATE SET actor = excluded.actor, reason = excluded.reason, until = excluded.until,
                since = now()
            """, [.text(unit), .text(actor), .text(reason), .instant(until)])
    }

    /// Ends it; false when the unit was not suspended.
    package static func end(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Bool {
        try transaction.query(
            "DELETE FROM charter.suspension WHERE unit = $1 RETURNING (until IS NULL OR until > now())", [.text(unit)]
        ).first?.boolean(0) ?? false
    }

    /// When each unit's suspension ran out by itself, by its name.
    package static func ended(_ transaction: Transaction) throws(DatabaseError) -> [String: Instant] {
        var ends: [String: Instant] = [:]
        for row in try transaction.query(
            "SELECT unit, \(SQLInstant.milliseconds("until")) FROM charter.suspension WHERE until <= now()")
        {
            ends[try row.text(0)] = try row.instant(1)
        }
        return ends
    }

    package static func of(_ transaction: Transaction, unit: String) throws(DatabaseError) -> UnitSuspension? {
        try list(transaction).first { $0.unit == unit }
    }

    /// Those that hold now, in the order of the units' names.
    package static func list(_ transaction: Transaction) throws(DatabaseError) -> [UnitSuspension] {
        let rows = try transaction.query(
            """
            SELECT unit, actor, reason, \(SQLInstant.milliseconds("since")), \(SQLInstant.milliseconds("until"))
            FROM charter.suspension WHERE until IS NULL OR until > now() ORDER BY unit
            """)
        var found: [UnitSuspension] = []
        for row in rows {
            found.append(
                UnitSuspension(
                    unit: try row.text(0), actor: try row.text(1), reason: try row.text(2), since: try row.instant(3),
                    until: row.instantOrNil(4)))
        }
        return found
    }
}
