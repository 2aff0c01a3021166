package import Spec
package import Store

/// What one apply would do: a value that is made, guarded, shown and carried out by different hands.
package struct Plan: Sendable {
    package var unit: String
    /// What was applied last; nil before the first apply.
    package var base: AppliedCommit?
    package var tip: Commit
    /// False when the base is not among the tip's first parents: the branch was rewritten.
    package var isFastForward: Bool
    /// How the branch came from what the unit had applied; nil before that.
    package var movement: BranchMovement?
    /// Who signed the tip, and what the policy in force has against it; nil where nobody asked.
    package var verification: Verification?
    /// False when the rows were not looked at: the plan is made from an export.
    package var isDriftKnown = true
    /// Guards that the rules ask for and that only a database could answer, where there was none.
    package var unasked: [GuardCode] = []
    /// What others changed in the database, which an apply puts right.
    package var drift: [Drift]
    /// What the commits since the base ask for.
    package var changes: [Change] = []
    /// Resources that left the repository but stay, since it says `prune: false`.
    package var retained: [ResourceKey] = []
    /// Over the whole state as it will be.
    package var stateDigest = StateDigest()
    /// The same over what is the unit's own.
    package var unitDigest = StateDigest()
    /// How many resources were applied before.
    package var population: Int
    package var warnings: [Diagnostic]
    /// The digest of the rules that judge it; empty where none are applied.
    package var rules = ""
    /// Sentences on approvals that do not count, without full stops.
    package var remarks: [String] = []

    package struct AppliedCommit: Hashable, Sendable {
        package var revision: Int64
        package var commit: String
    }

    package var tally: Tally { Tally(of: changes, drifted: drift.count) }

    /// True when no resource would change; the commit itself may still be recorded.
    package var isEmpty: Bool { changes.isEmpty && drift.isEmpty }
}

/// How many resources each action touches.
package struct Tally: Hashable, Sendable {
    package var created = 0
    package var updated = 0
    package var renamed = 0
    package var deleted = 0
    package var drifted = 0

    init(of changes: [Change], drifted: Int) {
        self.drifted = drifted
        for change in changes {
            switch change.action {
            case .create: created += 1
            case .update: updated += 1
            case .rename: renamed += 1
            case .delete: deleted += 1
            }
        }
    }
}
