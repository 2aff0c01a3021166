internal import Policy
package import Spec
internal import Store

/// What an approval came to.
package struct ApprovalReceipt: Sendable {
    let approval: Approval
    let waiting: WaitingPlan?
    /// How many approvals the policy asks for.
    let count: Int

    init(_ approval: Approval, waiting: WaitingPlan?, count: Int) {
        self.approval = approval
        self.waiting = waiting
        self.count = count
    }

    package var text: String {
        let commit = waiting.map { ", commit \($0.commit.prefix(10))" } ?? ""
        return "\(approval.org)/\(approval.member) approves plan \(approval.digest.prefix(WaitingPlan.digitsShown)) "
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

    /// What `json` looks like.
    static let shape = AdminShape.object([
        "format": .integer, "digest": .string, "unit": .string, "commit": .optional(.string), "approver": .string, "expires_at": .moment,
        "needed": .integer,
    ])

    func detail(operator name: String) -> JSONTree {
        .object([
            ("unit", .string(approval.unit)), ("commit", .optional(waiting?.commit)), ("reason", .string(approval.reason)),
            ("expires_at", .string(approval.expiresAt.iso8601)), ("operator", .string(name)),
        ])
    }

    /// For whoever is told.
    var event: EventDraft {
        let data = JSONTree.object([
            ("unit", .string(approval.unit)), ("commit", .optional(waiting?.commit)), ("digest", .string(approval.digest)),
            ("approver", .string("\(approval.org)/\(approval.member)")), ("reason", .string(approval.reason)),
            ("expires_at", .string(approval.expiresAt.iso8601)),
        ])
        return EventDraft(type: Webhook.Event.planApproved.rawValue, unit: approval.unit, org: approval.org, data: data.text)
    }
}
