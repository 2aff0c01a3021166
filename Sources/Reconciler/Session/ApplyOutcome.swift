package import Spec
package import Store

/// What applying a commit came to.
package enum ApplyOutcome: Sendable {
    case applied(Plan, Revision)
    /// The database was as the commit declares; nothing was written.
    case unchanged(Plan)
    case rejected(Rejection)

    package var isRejected: Bool {
        if case .rejected = self { true } else { false }
    }

    /// Nil where nothing was written.
    var revision: Revision? {
        if case .applied(_, let revision) = self { revision } else { nil }
    }

    package var text: String {
        switch self {
        case .applied(let plan, let revision):
            plan.text + "\n\nApplied \(plan.tip.id.short) as revision \(revision.id)."
        case .unchanged(let plan):
            "Nothing to change: revision \(plan.base?.revision ?? 0) is \(plan.tip.id.short)."
        case .rejected(let rejection): rejection.text
        }
    }

    package var json: JSONTree {
        switch self {
        case .applied(let plan, let revision):
            .object([("outcome", .string("applied")), ("revision", .int(revision.id)), ("plan", plan.json())])
        case .unchanged(let plan): .object([("outcome", .string("unchanged")), ("plan", plan.json())])
        case .rejected(let rejection): rejection.planJSON
        }
    }
}
