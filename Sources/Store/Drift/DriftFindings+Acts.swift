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
        let rows = try transaction.query(
            """
            UPDATE charter.drift_finding
            SET state = 'tolerated', tolerated_until = $4, tolerated_by = $5, tolerated_reason = $6, revert_asked_by = NULL
            WHERE settled_at IS NULL AND ($1::text IS NULL OR org = $1) AND ($2::text IS NULL OR resource = $2)
                AND ($3::text IS NULL OR field = $3) AND $4 > now()
            RETURNING id
            """,
            [tenancy.value, .text(selection.resource), .text(selection.pointer), .instant(toleration.until)]
                + [.text(toleration.actor), .text(toleration.reason)])
        return try named(transaction, ids(of: rows)).map { $0.shown(to: tenancy) }
    }

    /// What came of some of the findings that somebody wants put right.
    package struct RevertPage: Sendable {
        /// As they are then.
        package var asked: [DriftFinding]
        /// As they were: the change that declares them is others' to withdraw, or on its way to the branch already.
        package var left: [DriftFinding]
        /// Changes that were to declare them, by `uid`; all that they would have declared is open again.
        package var withdrawn: [String]
        /// Behind which the next page begins; nil where there is none.
        package var next: Int64?
    }

    /// Has findings put right at the next scan, whatever the mode of their kinds, whoever contests them, and whoever wants them adopted: what
    /// was to declare them is withdrawn, since it would bring back what was put right. Of rows alone, since of the rest no value is known.
    ///
    /// Does so with some of them, those behind `id`: repeat it, each time in a transaction of its own, until there is no `next`.
    package static func askRevert(
        _ transaction: Transaction, _ tenancy: Tenancy, _ selection: Selection, actor: String, after id: Int64 = 0, limit: Int = Self.pageMax
    ) throws(DatabaseError) -> RevertPage {
        let held = try select(
            transaction,
            """
            \(meant) AND f.\(DriftFinding.Aspect.ofRow) AND f.id > $4
                ORDER BY f.id LIMIT $5 FOR UPDATE OF f
            """, [tenancy.value, .text(selection.resource), .text(selection.pointer), .integer(id), .integer(Int64(limit))])
        let withdrawn = try withdrawAdoptions(transaction, tenancy, of: held, by: actor)
        func isFree(_ finding: DriftFinding) -> Bool {
            !finding.isBeingAdopted || finding.adoption.map { withdrawn.contains($0.change) } ?? true
        }
        let ids = held.filter(isFree).map(\.id)
        try transaction.query(
            """
            UPDATE charter.drift_finding SET state = 'open', revert_asked_by = $2, contested_since = NULL, adoption = NULL, asks = 0
            WHERE id = ANY ($1::bigint[])
            """, [.integers(ids), .text(actor)])
        return RevertPage(
            asked: try named(transaction, Set(ids)).map { $0.shown(to: tenancy) },
            left: held.filter { !isFree($0) }.map { $0.shown(to: tenancy) }, withdrawn: withdrawn,
            next: held.count < limit ? nil : held.last?.id)
    }

    /// Findings that one transaction of many holds.
    package static let pageMax = 1_000

    /// Answers the changes that could be taken back.
    private static func withdrawAdoptions(
        _ transaction: Transaction, _ tenancy: Tenancy, of findings: [DriftFinding], by actor: String
    ) throws(DatabaseError) -> [String] {
        var withdrawn: [String] = []
        for change in Set(findings.filter(\.isBeingAdopted).compactMap { $0.adoption?.change }).sorted() {
            // One that declares what several organizations have is for none of them to take back.
            guard let request = try ChangeRequests.one(transaction, tenancy, uid: change),
                try request.withdraw(transaction, reason: "drift that it declares is to be put right", by: actor)
            else { continue }
            withdrawn.append(change)
        }
        try release(transaction, from: withdrawn)
        return withdrawn
    }

    /// Has no finding wait for these changes any more.
    static func release(_ transaction: Transaction, from changes: [String]) throws(DatabaseError) {
        guard !changes.isEmpty else { return }
        try transaction.query(
            "UPDATE charter.drift_finding SET adoption = NULL, asks = greatest(asks - 1, 0) WHERE adoption = ANY ($1::uuid[]) AND settled_at IS NULL", [.texts(changes)])
    }

    /// Which findings of a unit somebody waits for to be put right, as the sum of their numbers; 0 for none.
    package static func revertsAsked(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Int64 {
        try transaction.query(
            """
            SELECT coalesce(sum(id), 0)::bigint FROM charter.drift_finding
            WHERE unit = $1 AND settled_at IS NULL AND revert_asked_by IS NOT NULL
            """, [.text(unit)])[0].integer(0)
    }

    private static func named(_ transaction: Transaction, _ ids: Set<Int64>) throws(DatabaseError) -> [DriftFinding] {
        try select(transaction, "f.id = ANY ($1::bigint[]) ORDER BY f.resource, f.field, f.id", [.integers(Array(ids))])
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
