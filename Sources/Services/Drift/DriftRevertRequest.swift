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

    /// Asks for some at a time, each time in one transaction with its row in the audit, so that a call that was cut short is made again. Throws
    /// `RequestRefusal` where no such finding is kept, or none can be put right.
    package func run(_ connection: Connection) throws -> DriftReceipt {
        var receipt = DriftReceipt()
        receipt.sentence = "will be put right by charter watch at its next turn; charter apply does it now."
        var (next, left): (Int64?, DriftFinding?) = (0, nil)
        while let last = next {
            let page = try connection.transaction { try ask($0, after: last) }
            receipt.add(page.asked, withdrawn: page.withdrawn)
            left = left ?? page.left.first
            receipt.left += page.left.count
            next = page.next
        }
        guard receipt.count > 0 else { throw try connection.transaction { try refusal($0, left) } }
        return receipt
    }

    private func ask(_ transaction: Transaction, after id: Int64) throws(DatabaseError) -> DriftFindings.RevertPage {
        let page = try DriftFindings.askRevert(transaction, tenancy, selection, actor: actor, after: id)
        try DriftReceipt.record(
            transaction, "drift.revert_asked", page.asked, actor: actor, subject: subject?.text ?? "all drift",
            page.withdrawn.isEmpty ? [] : [("withdrawn", .array(page.withdrawn.map { .string($0) }))])
        return page
    }

    private var selection: DriftFindings.Selection { subject?.selection ?? DriftFindings.Selection(resource: nil) }

    /// Of what is to be declared and cannot be kept from it; of what no value is known any more; else that nothing is kept.
    private func refusal(_ transaction: Transaction, _ left: DriftFinding?) throws(DatabaseError) -> RequestRefusal {
        if let left { return Self.refusal(left) }
        let kept = try DriftFindings.present(transaction, tenancy, selection)
        guard let first = kept.first else { return DriftReceipt.nothing(subject?.text) }
        let name = "\(first.resource.printable)#\(first.pointer.printable)"
        if kept.allSatisfy({ $0.aspect == .provenance }) {
            return RequestRefusal(
                "\(name) is not in the row of the resource, which is all that watch puts right",
                hint: "charter apply, and the next commit, write anew from Git where it is declared")
        }
        if kept.allSatisfy({ $0.pointer == "/unit" }) { return RequestRefusal("\(name) is not put right by watch", hint: "the next commit of its own unit does it") }
        return RequestRefusal(
            "\(name) cannot be put right: of what was written there its checksum alone is kept",
            hint: "put it back from a backup, or charter drift tolerate")
    }

    private static func refusal(_ finding: DriftFinding) -> RequestRefusal {
        let name = finding.resource.printable
        guard let adoption = finding.adoption, [.committed, .enforced].contains(adoption.state) || finding.org == adoption.org else {
            return RequestRefusal(
                "\(name) is to be declared by a change of the platform's already", hint: "the platform's administrators withdraw it: charter changes withdraw")
        }
        return RequestRefusal(
            "\(name) is being declared by change \(adoption.change) already", hint: "what is committed is undone by another change")
    }
}
