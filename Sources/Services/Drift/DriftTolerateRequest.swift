internal import Policy
package import Spec
package import Store

/// `charter drift tolerate`: what was found may stay for a time.
package struct DriftTolerateRequest: Sendable {
    /// When it ends by itself.
    package enum End: Hashable, Sendable {
        case at(Instant)
        /// Counted by the database's clock, as is whether it is over.
        case after(Duration)
    }

    package var subject: DriftSubject
    package var end: End
    package var reason: String
    package var actor: String
    /// Whose findings the actor may see.
    package var tenancy: Tenancy

    package init(subject: DriftSubject, end: End, reason: String, actor: String, tenancy: Tenancy = .everything) {
        (self.subject, self.end, self.reason, self.actor, self.tenancy) = (subject, end, reason, actor, tenancy)
    }

    /// Does it in one transaction with its row in the audit. Throws `RequestRefusal` where no such finding is kept, or the time is over.
    package func run(_ connection: Connection) throws -> DriftReceipt {
        guard !reason.isEmpty else { throw RequestRefusal("a toleration wants a reason", .misworded) }
        return try connection.transaction { transaction in
            let now = try transaction.clock()
            let until =
                switch end {
                case .at(let instant): instant
                case .after(let length): Instant(milliseconds: now.milliseconds + length.wholeMilliseconds)
                }
            guard until > now else { throw RequestRefusal("\(until.iso8601) is over already, by the database's clock") }
            let findings = try DriftFindings.tolerate(
                transaction, tenancy, subject.selection, DriftFinding.Toleration(until: until, actor: actor, reason: reason))
            guard !findings.isEmpty else { throw DriftReceipt.nothing(subject.text) }
            try DriftReceipt.record(
                transaction, "drift.tolerated", findings, actor: actor, subject: subject.text,
                [("until", .string(until.iso8601)), ("reason", .string(reason))])
            var receipt = DriftReceipt()
            receipt.sentence = "of \(subject.text.printable) may stay until \(until.iso8601), unless it changes again."
            receipt.add(findings)
            return receipt
        }
    }
}
