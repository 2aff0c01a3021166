package import Spec

/// Who answers for the commit at which a unit was judged last.
package struct UnitVerification: Hashable, Sendable {
    package var unit: String
    package var commit: String
    /// Set by the database.
    package var at: Instant
    /// `not demanded`, `good`, `warned`, `refused` or `accepted`.
    package var outcome: String
    /// `good`, `unsigned`, `untrusted`, `bad` or `unchecked`.
    package var signature: String
    /// Names of declared signers; empty unless the signature is good.
    package var signers: [String]
    /// Of the key, when it is known.
    package var fingerprint: String?
    /// A JSON array of diagnostics.
    package var findings: String

    package init(
        unit: String, commit: String, at: Instant = Instant(milliseconds: 0), outcome: String, signature: String,
        signers: [String], fingerprint: String?, findings: String
    ) {
        self.unit = unit
        self.commit = commit
        self.at = at
        self.outcome = outcome
        self.signature = signature
        self.signers = signers
        self.fingerprint = fingerprint
        self.findings = findings
    }
}
