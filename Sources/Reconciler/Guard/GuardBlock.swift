package import Spec

/// A reason for which a plan is not applied.
package enum GuardBlock: Hashable, Sendable {
    /// The commit has no YAML file at all; a read that finds nothing is never taken for a wish to delete.
    case emptyRead(population: Int)
    case massDeletion(deleted: Int, population: Int, limit: DeletionLimit, scopes: Set<GuardScope>)
    /// The organization stays and would have fewer members with the role `admin` than it must keep.
    case lastAdmin(org: String, left: [String], min: Int, leaving: [String])
    /// The branch lacks what was applied.
    case rewritten(from: String, to: String, BranchMovement)
    case removedMembers(org: String, removed: Int, population: Int, shareMax: Int)
    case protected([ProtectedChange])
    case keysInUse([RecentUse], within: Duration)
    case modelsInUse([RecentUse], within: Duration)
    case budgetsBelowSpent([BudgetCut])
    /// The database holds these resources, and nothing that Charter applied put them there; `strangers` are of kinds unknown to it.
    case firstManagement([ResourceKey], strangers: [String])
    /// `sync: proposals`.
    case proposal(changes: Int, scopes: Set<GuardScope>)
    /// `sync: manual`, and nobody asked by hand.
    case manual(changes: Int)
    /// `prune: confirm`.
    case pruneConfirm([ResourceKey])
    /// The unit is held by a rollback of what the commit declares again.
    case rolledBack(RolledBack)

    package enum DeletionLimit: Hashable, Sendable {
        case everything
        /// In hundredths of a percent.
        case share(Int)
        case count(Int)
    }

    /// Permanent, for scripts and documents.
    package var code: String { reason.rawValue }

    package var reason: GuardCode {
        switch self {
        case .emptyRead: .emptyRead
        case .massDeletion: .massDeletion
        case .lastAdmin: .lastAdmin
        case .rewritten: .rewritten
        case .removedMembers: .removedMembers
        case .protected: .protected
        case .keysInUse: .keysInUse
        case .modelsInUse: .modelsInUse
        case .budgetsBelowSpent: .budgetsBelowSpent
        case .firstManagement: .firstManagement
        case .proposal: .proposal
        case .manual: .manual
        case .pruneConfirm: .pruneConfirm
        case .rolledBack: .rolledBack
        }
    }

    /// The flag of `charter apply` by which a person lets it pass; nil when none is for it alone.
    package var remedyFlag: String? {
        switch self {
        case .massDeletion: "--allow-mass-delete"
        case .rewritten: "--allow-rewrite"
        default: nil
        }
    }

    /// Whether somebody with the right to may let it pass.
    package var isApprovable: Bool {
        switch self {
        case .emptyRead, .manual, .rolledBack: false
        default: true
        }
    }

    /// Whose affair it is; nil where it is that of all that the plan changes.
    var scopes: Set<GuardScope>? {
        switch self {
        case .emptyRead, .rewritten, .manual, .rolledBack: nil
        case .massDeletion(_, _, _, let scopes), .proposal(_, let scopes): scopes
        case .lastAdmin(let org, _, _, _), .removedMembers(let org, _, _, _): [GuardScope(org)]
        case .protected(let changes): Set(changes.map { GuardScope($0.resource.org) })
        case .keysInUse(let uses, _), .modelsInUse(let uses, _): Set(uses.map { GuardScope($0.org) })
        case .budgetsBelowSpent(let cuts): Set(cuts.map { GuardScope($0.budget.org) })
        case .firstManagement(let keys, let strangers):
            Set(keys.map { GuardScope($0.org) } + (strangers.isEmpty ? [] : [GuardScope(nil)]))
        case .pruneConfirm(let keys): Set(keys.map { GuardScope($0.org) })
        }
    }
}

/// Whose resources something is about: an organization's, or the platform's own.
package struct GuardScope: Hashable, Sendable, CustomStringConvertible {
    /// Nil for the platform.
    package var org: String?

    package init(_ org: String?) { self.org = org }

    package var description: String { org ?? "the platform" }
}

/// A change that a rule of `protect` asks an approval for.
package struct ProtectedChange: Hashable, Sendable {
    package var resource: ResourceKey
    package var act: Act
    /// Where the rule is written.
    package var rule: Place?

    package enum Act: String, Sendable {
        case deleted, changed
        /// Changed so that the rule would not hold for it any more.
        case released = "taken out of protection"
    }
}

/// A key or model that requests were served with not long ago.
package struct RecentUse: Hashable, Sendable {
    /// As people call it.
    package var name: String
    /// Whose it is; nil for the platform.
    package var org: String?
    package var requests: Int64
    /// The hour of the last request.
    package var last: Instant
}

/// A budget that would be smaller than what is spent of it already.
package struct BudgetCut: Hashable, Sendable {
    package var budget: ResourceKey
    /// Both as budgets are written.
    package var spent: String
    package var hard: String
}
