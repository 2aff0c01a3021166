internal import Policy
package import Spec
package import Store

/// `charter approve`: a member's word that one plan may pass, written into the database. Nothing is applied by it.
package struct ApprovalRequest: Sendable {
    /// The plan's digest, or its beginning where the plan waits.
    package var digest: String
    package var org: String
    package var member: String
    package var reason: String
    /// Only needed for a plan that does not wait yet.
    package var unit: String?
    /// Shorter than the policy has it; nil for that.
    package var within: Duration?

    package init(digest: String, org: String, member: String, reason: String) {
        self.digest = digest.lowercased()
        self.org = org
        self.member = member
        self.reason = reason
    }

    /// Refuses with a `RequestRefusal` what could not count; whether it does is asked again when the plan is applied.
    package func run(_ connection: Connection, operator name: String) throws -> ApprovalReceipt {
        try connection.transaction { transaction in
            let waiting = try WaitingPlans.list(transaction).filter { ApprovalCommand.names(digest, $0.digest) }
            guard waiting.count < 2 else { throw RequestRefusal("several plans begin with \(digest); give more of the digest") }
            let plan = waiting.first
            guard plan != nil || isWhole else {
                throw RequestRefusal("no plan waits whose digest begins with \(digest); charter status shows those that do")
            }
            let unit = plan?.unit ?? self.unit ?? ReconcileSession.defaultUnit
            let applied = try AppliedState(transaction, unit: unit)
            let terms = try applied.policy?.rules.approvals ?? .standard
            if let objection = try objection(applied, terms, author: plan?.author, now: transaction.clock()) {
                throw RequestRefusal("\(org)/\(member) cannot approve it: \(objection)")
            }
            let approval = try Approvals.add(
                transaction, digest: plan?.digest ?? digest, unit: unit, org: org, member: member, reason: reason,
                within: min(terms.within, within ?? terms.within))
            let receipt = ApprovalReceipt(approval, waiting: plan, count: terms.count)
            try Outbox.append(transaction, .approved(approval, commit: plan?.commit))
            try Audit.append(
                transaction, .organization(org), actor: "\(org)/\(member)", action: "plan.approved",
                subject: approval.digest, detail: receipt.detail(operator: name).text)
            Failpoint.beforeApproval.reach()
            return receipt
        }
    }

    private var isWhole: Bool {
        digest.utf8.count == 64 && digest.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private func objection(_ applied: AppliedState, _ terms: Repository.Approvals, author: String?, now: Instant) throws -> String? {
        let people = try applied.applied.values.filter { RightsBook.kinds.contains($0.key.kind) }.map { row in try row.readable }
        let rights = try ApproverBook(people, beside: applied.others, now: now)
        let key = ResourceKey(org: org, kind: .member, name: member)
        let word = ApprovalWord(
            approver: .member(key), mail: rights.member(key)?.email?.lowercased(), channel: .console, title: "", isExpired: false)
        let judge = ApprovalJudge(
            terms: terms, rights: rights, words: [word], authors: Set([author.flatMap(mailAddress)].compactMap { $0 }),
            authorSigners: [], scopes: [])
        return judge.objection(to: word)
    }
}

/// What `charter approve` did.
package struct ApprovalReceipt: Sendable {
    let approval: Approval
    let waiting: WaitingPlan?
    /// How many approvals the policy asks for.
    let count: Int

    init(_ approval: Approval, waiting: WaitingPlan?, count: Int) {
        (self.approval, self.waiting, self.count) = (approval, waiting, count)
    }

    package var text: String {
        let commit = waiting.map { ", commit \($0.commit.prefix(10))" } ?? ""
        return "\(approval.org)/\(approval.member) approves plan \(approval.digest.prefix(ApprovalCommand.digestLength)) "
            + "of unit \(approval.unit)\(commit), until \(approval.expiresAt.iso8601).\n"
            + (count > 1 ? "charter.yaml asks for \(count) approvals. " : "")
            + "A running charter watch applies it at its next look; charter apply does it now."
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("digest", .string(approval.digest)), ("unit", .string(approval.unit)),
            ("commit", .optional(waiting?.commit)), ("approver", .string("\(approval.org)/\(approval.member)")),
            ("expires_at", .string(approval.expiresAt.iso8601)), ("needed", .int(Int64(count))),
        ])
    }

    func detail(operator name: String) -> JSONTree {
        .object([
            ("unit", .string(approval.unit)), ("commit", .optional(waiting?.commit)), ("reason", .string(approval.reason)),
            ("expires_at", .string(approval.expiresAt.iso8601)), ("operator", .string(name)),
        ])
    }
}
