/// The number of an organization's changes at run time that gateways must follow: minted and revoked keys, budgets set back.
package enum RuntimeSequence {
    /// Takes the next number. Until the transaction ends nobody else changes what is counted by it in that organization, so what
    /// is looked at after this call stays true. Gateways hear of it when the transaction commits.
    package static func advance(_ transaction: Transaction, orgUID: String) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.runtime_sequence AS s (org_uid, id) VALUES ($1, 1) ON CONFLICT (org_uid) DO UPDATE SET id = s.id + 1
            """, [.text(orgUID)])
        try transaction.query("SELECT pg_notify($1, $2)", [.text(Revisions.channel), .text("runtime")])
    }

    /// Grows with every change of any organization.
    package static func current(_ transaction: Transaction) throws(DatabaseError) -> Int64 {
        try transaction.query("SELECT coalesce(sum(id), 0)::bigint FROM charter.runtime_sequence")[0].integer(0)
    }
}
