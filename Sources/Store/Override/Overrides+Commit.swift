internal import Spec

/// Overrides that a change of what is declared is to replace.
extension Overrides {
    /// Notes which change request commits one; false where it is over, or not the caller's.
    package static func note(
        change: String, of uid: String, _ transaction: Transaction, _ tenancy: Tenancy, actor: String
    ) throws(DatabaseError) -> Bool {
        let sequence = try advance(transaction)
        let rows = try transaction.query(
            """
            UPDATE charter.override SET change_uid = $3::uuid, sequence = $4
            WHERE \(Tenancy.filter(1)) AND uid = $2::uuid AND ended_at IS NULL AND expires_at > now() RETURNING \(Override.columns)
            """, [tenancy.value, .text(uid), .text(change), .integer(sequence)])
        guard let row = rows.first else { return false }
        let override = try Override(row)
        var facts = JSONText(.printable)
        facts.object { facts in
            facts.member("override", uid)
            facts.member("change", change)
        }
        try Audit.append(
            transaction, override.target.org.map { .organization($0) } ?? .platform, actor: actor, action: "override.commit_asked",
            subject: override.subject, detail: facts.json)
        return true
    }

    /// Ends those whose change is declared and enforced by every gateway that reports; answers how many.
    ///
    /// A gateway that does not enforce the revision yet would else let pass for a moment what a denial stops. One that is silent
    /// enforces nothing newer, and learns of both at once when it comes back.
    @discardableResult
    package static func closeCommitted(_ transaction: Transaction) throws(DatabaseError) -> Int {
        let due = try transaction.query(
            """
            SELECT o.uid, c.uid, c.caller FROM charter.override o JOIN charter.change_request c ON c.uid = o.change_uid
            WHERE o.ended_at IS NULL AND o.expires_at > now() AND c.state = 'enforced' AND NOT EXISTS (
                SELECT FROM charter.gateway g
                WHERE g.revision < c.revision AND g.reported_at > now() - $1::bigint * interval '1 millisecond')
            ORDER BY o.uid
            """, [.integer(Replicas.silenceMax.wholeMilliseconds)])
        var closed = 0
        for row in due {
            let (uid, change) = (try row.text(0), try row.text(1))
            // What this program cannot read is for one that can, and keeps no other from its end.
            guard try one(transaction, .everything, uid: uid) != nil else { continue }
            let ended = try close(
                transaction, .everything, uid: uid, actor: row.text(2), reason: "committed by the change \(change)")
            closed += ended == nil ? 0 : 1
        }
        return closed
    }
}
