package import Spec

/// Statements on overrides. Each change takes the next number of one sequence, which gateways poll.
package enum Overrides {
    /// What a gateway asks for at every look.
    package struct Pulse: Hashable, Sendable {
        /// Up to which change overrides are in force; grows with each, in the order of their commits.
        package var sequence: Int64
        /// The database's, at the moment of the answer.
        package var clock: Instant

        package init(sequence: Int64, clock: Instant) { (self.sequence, self.clock) = (sequence, clock) }
    }

    package static func pulse(_ transaction: Transaction) throws(DatabaseError) -> Pulse {
        let row = try transaction.query(
            "SELECT id, \(SQLInstant.milliseconds("clock_timestamp()")) FROM charter.override_sequence")[0]
        return Pulse(sequence: try row.integer(0), clock: try row.instant(1))
    }

    /// Takes the next number. Until the transaction ends nobody else changes an override; gateways hear of it when it commits.
    static func advance(_ transaction: Transaction) throws(DatabaseError) -> Int64 {
        let id = try transaction.query("UPDATE charter.override_sequence SET id = id + 1 RETURNING id")[0].integer(0)
        try transaction.query("SELECT pg_notify($1, $2)", [.text(Revisions.channel), .text("override")])
        return id
    }

    /// Has nobody else change an override until the transaction ends; what is read from here on is what they left.
    package static func hold(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.query("SELECT id FROM charter.override_sequence FOR UPDATE")
    }

    /// Writes one; false where one of this uid is written already.
    static func insert(_ transaction: Transaction, _ override: Override, sequence: Int64) throws(DatabaseError) -> Bool {
        let patch = if case .patch(let patch) = override.effect { patch } else { ResourcePatch([:]) }
        return try transaction.query(
            """
            INSERT INTO charter.override
                (uid, sequence, org, kind, name, target_uid, part, denies, patch, owner, reason, base_revision, created_at, expires_at, gateway,
                 elements)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (uid) DO NOTHING
            """,
            [
                .text(override.uid), .integer(sequence), .text(override.target.orgColumn), .text(override.target.kind.rawValue),
                .text(override.target.name), .text(override.targetUID), .text(override.part ?? ""),
                .boolean(override.effect == .denial), .text(patch.json), .text(override.owner), .text(override.reason),
                .integer(override.baseRevision), .instant(override.createdAt), .instant(override.expiresAt), .text(override.gateway),
                .text(patch.elementsJSON),
            ]).affected == 1
    }

    /// Ends one now; nil where it is over already, or not the caller's.
    static func end(
        _ transaction: Transaction, _ tenancy: Tenancy, uid: String, by actor: String, sequence: Int64
    ) throws(DatabaseError) -> Override? {
        let rows = try transaction.query(
            """
            UPDATE charter.override SET ended_at = now(), ended_by = $3, sequence = $4
            WHERE \(Tenancy.filter(1)) AND uid::text = $2 AND ended_at IS NULL AND expires_at > now() RETURNING \(Override.columns)
            """, [tenancy.value, .text(uid), .text(actor), .integer(sequence)])
        guard let row = rows.first else { return nil }
        return try Override(row)
    }

    /// Notes the end of those whose time is over; gateways knew it before.
    static func expire(_ transaction: Transaction) throws(DatabaseError) -> OverrideRows {
        try OverrideRows(
            transaction.query(
                """
                UPDATE charter.override SET ended_at = expires_at, ended_by = 'expiry'
                WHERE ended_at IS NULL AND expires_at <= now() RETURNING \(Override.columns)
                """))
    }

    /// Those in force now, the oldest first: of two that change one field the newer one counts.
    package static func rowsInForce(_ transaction: Transaction, _ tenancy: Tenancy) throws(DatabaseError) -> OverrideRows {
        try OverrideRows(
            transaction.query(
                """
                SELECT \(Override.columns) FROM charter.override
                WHERE \(Tenancy.filter(1)) AND ended_at IS NULL AND expires_at > now() ORDER BY created_at, uid
                """, [tenancy.value]))
    }

    /// Those in force that this program can read.
    package static func inForce(_ transaction: Transaction, _ tenancy: Tenancy) throws(DatabaseError) -> [Override] {
        try rowsInForce(transaction, tenancy).overrides
    }

    /// Those that were in force at a moment over any of these resources, the oldest first. By lineage, which belongs to one tenant only.
    package static func rowsInForce(
        _ transaction: Transaction, at moment: Instant, over uids: [String]
    ) throws(DatabaseError) -> OverrideRows {
        try OverrideRows(
            transaction.query(
                """
                SELECT \(Override.columns) FROM charter.override
                WHERE target_uid = ANY ($1::uuid[]) AND created_at <= $2 AND coalesce(ended_at, expires_at) > $2 ORDER BY created_at, uid
                """, [.texts(uids), .instant(moment)]))
    }

    /// The newest first, those that are over as well; what this program cannot read is left out.
    package static func list(_ transaction: Transaction, _ tenancy: Tenancy, limit: Int) throws(DatabaseError) -> [Override] {
        try OverrideRows(
            transaction.query(
                "SELECT \(Override.columns) FROM charter.override WHERE \(Tenancy.filter(1)) ORDER BY created_at DESC, uid LIMIT $2",
                [tenancy.value, .integer(Int64(limit))])
        ).overrides
    }

    /// Those whose uid begins so, two at most; what is not the caller's is not there.
    package static func find(_ transaction: Transaction, _ tenancy: Tenancy, uidPrefix: String) throws(DatabaseError) -> OverrideRows {
        try OverrideRows(
            transaction.query(
                """
                SELECT \(Override.columns) FROM charter.override
                WHERE \(Tenancy.filter(1)) AND left(uid::text, length($2)) = $2 ORDER BY uid LIMIT 2
                """, [tenancy.value, .text(uidPrefix)]))
    }
}
