internal import Spec

/// Statements on who answers for the commits of units.
package enum Verifications {
    /// Records a judgement in place of the one before; writes nothing when it is the same.
    package static func record(_ transaction: Transaction, _ verification: UnitVerification) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.verification AS v (unit, commit, outcome, signature, signers, fingerprint, findings)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (unit) DO UPDATE SET commit = excluded.commit, at = excluded.at, outcome = excluded.outcome,
                signature = excluded.signature, signers = excluded.signers, fingerprint = excluded.fingerprint,
                findings = excluded.findings
            WHERE (v.commit, v.outcome, v.signature, v.signers, v.fingerprint, v.findings::text)
                IS DISTINCT FROM (excluded.commit, excluded.outcome, excluded.signature, excluded.signers,
                    excluded.fingerprint, excluded.findings::text)
            """,
            [
                .text(verification.unit), .text(verification.commit), .text(verification.outcome),
                .text(verification.signature), .text(verification.signers.joined(separator: ",")),
                .text(verification.fingerprint), .text(verification.findings),
            ])
    }

    /// The last judgement of every unit, in the order of names.
    package static func list(_ transaction: Transaction) throws(DatabaseError) -> [UnitVerification] {
        let rows = try transaction.query(
            """
            SELECT unit, commit, \(SQLInstant.milliseconds("at")), outcome, signature, signers, fingerprint, findings
            FROM charter.verification ORDER BY unit
            """)
        var found: [UnitVerification] = []
        for row in rows {
            found.append(
                UnitVerification(
                    unit: try row.text(0), commit: try row.text(1), at: try row.instant(2), outcome: try row.text(3),
                    signature: try row.text(4), signers: try row.text(5).split(separator: ",").map(String.init),
                    fingerprint: row.textOrNil(6), findings: try row.text(7)))
        }
        return found
    }
}
