internal import Policy
internal import Spec
package import Store

/// A member's word that one plan may pass, written into the database: `charter approve`, and the admin API. Nothing is applied by it.
package struct ApprovalRequest: Sendable {
    /// The plan's digest, or its beginning where the plan waits.
    package var digest: String
    package var org: String
    package var member: String
    package var reason: String
    /// That of a plan that does not wait yet and is named by its whole digest; nil where only one that waits is meant.
    package var unit: String?
    /// Shorter than the policy has it; nil for that.
    package var within: Duration?
    /// Whose plans are there for who asks.
    package var tenancy: Tenancy

    package init(
        digest: String, org: String, member: String, reason: String, unit: String? = nil, within: Duration? = nil,
        tenancy: Tenancy = .everything
    ) {
        self.digest = digest.lowercased()
        (self.org, self.member, self.reason) = (org, member, reason)
        (self.unit, self.within, self.tenancy) = (unit, within, tenancy)
    }

    /// A word that was given and still holds is given once: it is answered as it was, whatever is asked again. Refuses with a `RequestRefusal` what could not count; whether it does is asked again when the plan is applied. That somebody
    /// asked who may not is kept in the audit.
    package func run(_ connection: Connection, operator name: String) throws -> ApprovalReceipt {
        let answer = try connection.transaction { transaction -> Result<ApprovalReceipt, RequestRefusal> in
            let plan = try plan(transaction)
            guard let unit = plan?.unit ?? unit else { throw missing }
            let check = try ApprovalCheck(transaction, unit: unit, author: plan?.author)
            if let objection = objection(check) {
                try recordRefusal(objection, plan?.digest ?? digest, unit, operator: name, transaction)
                return .failure(RequestRefusal("\(org)/\(member) cannot approve it: \(objection)", .forbidden))
            }
            let (approval, isRepeated) = try Approvals.add(
                transaction, digest: plan?.digest ?? digest, unit: unit, org: org, member: member, reason: reason,
                within: min(check.terms.within, within ?? check.terms.within))
            let receipt = ApprovalReceipt(approval, waiting: plan, count: check.terms.count)
            if isRepeated { return .success(receipt) }
            try Outbox.append(transaction, receipt.event)
            try Audit.append(
                transaction, .organization(org), actor: "\(org)/\(member)", action: "plan.approved",
                subject: approval.digest, detail: receipt.detail(operator: name).text)
            Failpoint.beforeApproval.reach()
            return .success(receipt)
        }
        return try answer.get()
    }

    /// The one that waits; nil for one that does not yet.
    private func plan(_ transaction: Transaction) throws -> WaitingPlan? {
        let waiting = try WaitingPlans.of(transaction, tenancy).filter { $0.isNamed(by: digest) }
        guard waiting.count < 2 else { throw RequestRefusal("several plans begin with \(digest.printable); give more of the digest") }
        guard !waiting.isEmpty || (isWhole && unit != nil) else { throw missing }
        return waiting.first
    }

    private var missing: RequestRefusal {
        RequestRefusal("no plan waits whose digest begins with \(digest.printable); charter status shows those that do", .missing)
    }

    private func recordRefusal(
        _ objection: String, _ digest: String, _ unit: String, operator name: String, _ transaction: Transaction
    ) throws {
        let detail = JSONTree.object([
            ("unit", .string(unit)), ("refused", .string(objection)), ("reason", .string(reason)), ("operator", .string(name)),
        ])
        try Audit.appendRefusal(
            transaction, .organization(org), actor: "\(org)/\(member)", action: "plan.approval_refused", subject: digest,
            detail: detail.text)
    }

    private var isWhole: Bool {
        digest.utf8.count == 64 && digest.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private func objection(_ check: ApprovalCheck) -> String? {
        let key = ResourceKey(org: org, kind: .member, name: member)
        return check.objection(
            to: ApprovalWord(
                approver: .member(key), mail: check.rights.member(key)?.email?.lowercased(), channel: .console, title: "", isExpired: false))
    }
}
