extension DriftFindings {
    /// Which findings somebody means: a resource as `org/kind/name`, one field of it, or all there are.
    package struct Selection: Hashable, Sendable {
        package var resource: String?
        /// JSON pointer.
        package var pointer: String?

        package init(resource: String?, pointer: String? = nil) { (self.resource, self.pointer) = (resource, pointer) }
    }

    /// Has findings stay for a time, by the database's clock; answers them as they are then. None where the time is over already.
    package static func tolerate(
        _ transaction: Transaction, _ tenancy: Tenancy, _ selection: Selection, _ toleration: DriftFinding.Toleration
    ) throws(DatabaseError) -> [DriftFinding] {
        try change(
            transaction, tenancy, selection,
            "state = 'tolerated', tolerated_until = $4, tolerated_by = $5, tolerated_reason = $6, revert_asked_by = NULL",
            "AND $4 > now()", [.instant(toleration.until), .text(toleration.actor), .text(toleration.reason)])
    }

    /// Has findings put right at the next scan, whatever the mode of their kinds, whoever contests them, and whoever wants them adopted;
    /// those of rows alone, since of the rest no value is known.
    package static func askRevert(
        _ transaction: Transaction, _ tenancy: Tenancy, _ selection: Selection, actor: String
    ) throws(DatabaseError) -> [DriftFinding] {
        try change(
            transaction, tenancy, selection, "state = 'open', revert_asked_by = $4, contested_since = NULL, adoption = NULL",
            "AND \(DriftFinding.Aspect.ofRow)",
            [.text(actor)])
    }

    /// Which findings of a unit somebody waits for to be put right, as the sum of their numbers; 0 for none.
    package static func revertsAsked(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Int64 {
        try transaction.query(
            """
            SELECT coalesce(sum(id), 0)::bigint FROM charter.drift_finding
            WHERE unit = $1 AND settled_at IS NULL AND revert_asked_by IS NOT NULL
            """, [.text(unit)])[0].integer(0)
    }

    private static func change(
        _ transaction: Transaction, _ tenancy: Tenancy, _ selection: Selection, _ assignments: String, _ condition: String,
        _ values: [SQLValue]
    ) throws(DatabaseError) -> [DriftFinding] {
        let rows = try transaction.query(
            """
            UPDATE charter.drift_finding SET \(assignments)
            WHERE settled_at IS NULL AND ($1::text IS NULL OR org = $1) AND ($2::text IS NULL OR resource = $2)
                AND ($3::text IS NULL OR field = $3) \(condition)
            RETURNING id
            """, [tenancy.value, .text(selection.resource), .text(selection.pointer)] + values)
        var ids: [Int64] = []
        for row in rows { ids.append(try row.integer(0)) }
        return try select(transaction, "f.id = ANY ($1::bigint[]) ORDER BY f.resource, f.field, f.id", [.integers(ids)])
            .map { $0.shown(to: tenancy) }
    }
}

/// How many findings of a unit there are now.
package struct DriftTally: Hashable, Sendable {
    package var open: Int64 = 0
    package var tolerated: Int64 = 0
    /// Of the open ones.
    package var contested: Int64 = 0
    /// Of the open ones, which wait for a change that declares them; not contested besides.
    package var adopting: Int64 = 0

    package init() {}
}

extension DriftFindings {
    /// Some of those in which Charter takes no part any longer.
    package static func contested(_ transaction: Transaction) throws(DatabaseError) -> [DriftFinding] {
        try select(transaction, "f.settled_at IS NULL AND f.contested_since IS NOT NULL ORDER BY f.resource, f.field LIMIT 100", [])
    }

    /// By the unit's name.
    package static func tallies(_ transaction: Transaction) throws(DatabaseError) -> [String: DriftTally] {
        let rows = try transaction.query(
            """
            SELECT f.unit, count(*) FILTER (WHERE f.state = 'open'), count(*) FILTER (WHERE f.state = 'tolerated'),
                count(f.contested_since) FILTER (WHERE f.state = 'open'),
                count(c.uid) FILTER (WHERE f.state = 'open' AND f.contested_since IS NULL)
            FROM charter.drift_finding f
            LEFT JOIN charter.change_request c ON c.uid = f.adoption AND c.state NOT IN ('refused', 'withdrawn')
            WHERE f.settled_at IS NULL GROUP BY f.unit
            """)
        var tallies: [String: DriftTally] = [:]
        for row in rows {
            var tally = DriftTally()
            (tally.open, tally.tolerated) = (try row.integer(1), try row.integer(2))
            (tally.contested, tally.adopting) = (try row.integer(3), try row.integer(4))
            tallies[try row.text(0)] = tally
        }
        return tallies
    }
}
