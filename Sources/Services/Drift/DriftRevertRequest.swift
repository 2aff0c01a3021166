package import Store

/// `charter drift revert`: what was found is to be put right, whatever the mode of its kind and whoever contests it.
///
/// Only the reconciler writes declared state, so it does it, at its next turn.
package struct DriftRevertRequest: Sendable {
    /// Nil for all that is kept.
    package var subject: DriftSubject?
    package var actor: String
    /// Whose findings the actor may see.
    package var tenancy: Tenancy

    package init(subject: DriftSubject?, actor: String, tenancy: Tenancy = .everything) {
        (self.subject, self.actor, self.tenancy) = (subject, actor, tenancy)
    }

    /// Asks in one transaction with its row in the audit. Throws `RequestRefusal` where no such finding is kept.
    package func run(_ connection: Connection) throws -> DriftReceipt {
        try connection.transaction { transaction in
            let name = subject?.text ?? "all drift"
            let findings = try DriftFindings.askRevert(
                transaction, tenancy, subject?.selection ?? DriftFindings.Selection(resource: nil), actor: actor)
            guard !findings.isEmpty else { throw DriftReceipt.nothing(subject?.text) }
            try DriftReceipt.record(transaction, "drift.revert_asked", findings, actor: actor, subject: name, [])
            return DriftReceipt(
                findings: findings,
                sentence: "\(DriftReceipt.count(findings)) will be put right by charter watch at its next turn; charter apply does it now.")
        }
    }
}
