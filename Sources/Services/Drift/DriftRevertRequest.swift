internal import Policy
internal import Spec
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
            guard !findings.isEmpty else { throw try refusal(transaction) }
            try DriftReceipt.record(transaction, "drift.revert_asked", findings, actor: actor, subject: name, [])
            return DriftReceipt(
                findings: findings,
                sentence: "\(DriftReceipt.count(findings)) will be put right by charter watch at its next turn; charter apply does it now.")
        }
    }

    /// Of what no value is known any more; else that nothing is kept.
    private func refusal(_ transaction: Transaction) throws(DatabaseError) -> RequestRefusal {
        let kept = try DriftFindings.present(transaction, tenancy, subject?.selection ?? DriftFindings.Selection(resource: nil))
        guard let first = kept.first else { return DriftReceipt.nothing(subject?.text) }
        let name = "\(first.resource.printable)#\(first.pointer.printable)"
        if kept.allSatisfy({ $0.aspect == .provenance }) {
            return RequestRefusal(
                "\(name) is not in the row of the resource, which is all that watch puts right",
                hint: "charter apply, and the next commit, write anew from Git where it is declared")
        }
        return RequestRefusal(
            "\(name) cannot be put right: of what was written there its checksum alone is kept",
            hint: "put it back from a backup, or charter drift tolerate")
    }
}
