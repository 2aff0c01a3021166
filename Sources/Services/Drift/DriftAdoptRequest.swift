internal import Policy
internal import Spec
package import Store

/// `charter drift adopt`: what was found is to be declared, by a commit in the name of who asks.
package struct DriftAdoptRequest: Sendable {
    /// Nil for all that is open.
    package var subject: DriftSubject?
    /// Who asks and why; `unit` is each finding's own.
    package var terms: ChangeTerms
    /// Whose findings the caller may see.
    package var tenancy: Tenancy
    /// Whether it goes to branches of its own whatever the member may do, as where a key carries less than its owner has.
    package var isProposal: Bool

    package init(subject: DriftSubject?, terms: ChangeTerms, tenancy: Tenancy = .everything, isProposal: Bool = false) {
        (self.subject, self.terms, self.tenancy, self.isProposal) = (subject, terms, tenancy, isProposal)
    }

    /// Asks for one change of each unit, or several of many resources, in one transaction with its row in the audit; findings that wait for a change
    /// already answer that one, and the same call its own.
    ///
    /// Throws `RequestRefusal` where no such finding is kept, or one cannot be declared; then nothing is asked for. Whether the caller may change it
    /// is judged when it is carried out.
    package func run(_ connection: Connection) throws -> [ChangeReceipt] {
        try connection.transaction { transaction in
            // What it asked for may have settled the findings since.
            let earlier = try DriftAdoptions.earlier(transaction, caller: terms.caller, key: terms.idempotencyKey, call: terms.call)
            if !earlier.isEmpty { return earlier.map { ChangeReceipt(request: $0, isRepeated: true) } }
            let findings = try DriftFindings.hold(transaction, tenancy, subject?.selection ?? DriftFindings.Selection(resource: nil))
            guard !findings.isEmpty else { throw DriftReceipt.nothing(subject?.text) }
            guard findings.count <= DriftFindings.presentMax else {
                throw RequestRefusal(
                    "there are more than \(DriftFindings.presentMax) findings, which is more than people can review",
                    hint: "adopt what is meant by its name, or put the rest right: charter drift revert")
            }
            try refuseForeign(findings, transaction)
            let asked = try ask(findings, transaction)
            if asked.contains(where: { !$0.isRepeated }) {
                try DriftReceipt.record(
                    transaction, "drift.adoption_asked", findings, actor: terms.caller, subject: subject?.text ?? "all drift",
                    [("changes", .array(asked.map { .string($0.request.uid) })), ("reason", .string(terms.purpose))])
            }
            return asked.map { ChangeReceipt(request: $0.request, isRepeated: $0.isRepeated) }
        }
    }

    private func ask(_ findings: [DriftFinding], _ transaction: Transaction) throws -> [(request: ChangeRequest, isRepeated: Bool)] {
        do {
            return try DriftAdoptions.ask(
                transaction, findings, caller: terms.caller, reason: terms.purpose, knownBy: .call(terms.idempotencyKey, terms.call),
                isProposal: isProposal)
        } catch let refusal as DriftAdoptions.Refused {
            throw RequestRefusal(
                "\(refusal.resource.printable) cannot be adopted: \(refusal.reason)", hint: "charter drift revert \(refusal.resource.printable) puts it right")
        }
    }

    /// A change that adopts what several organizations have is not for one of them to read.
    private func refuseForeign(_ findings: [DriftFinding], _ transaction: Transaction) throws {
        let waiting = findings.filter(\.isBeingAdopted).compactMap { finding in finding.adoption.map { ($0.change, finding) } }
        for (change, finding) in Dictionary(waiting, uniquingKeysWith: { first, _ in first }) {
            guard try ChangeRequests.one(transaction, tenancy, uid: change) == nil else { continue }
            throw RequestRefusal("\(finding.resource.printable) is to be declared by a change of the platform's already")
        }
    }
}
