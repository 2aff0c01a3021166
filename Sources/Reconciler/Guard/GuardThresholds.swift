package import Spec

/// How much one plan may take away before a person must say that it is meant; shares are in hundredths of a percent.
package struct GuardThresholds: Hashable, Sendable {
    /// Below this many, a share says little, and small repositories are rearranged freely.
    package var populationMin = 10
    /// Of the applied resources; the commonest accident, a folder moved away or a bad merge, takes more.
    package var deletedShareMax = 3000
    /// Of resources, whatever share they are; nil for any.
    package var deletedCountMax: Int?
    /// Of an organization's members, where there are `populationMin` of them or the policy names the share.
    package var removedMembersShareMax = 2500
    package var isMemberShareDeclared = false
    /// How many members with the role `admin` each organization keeps.
    package var adminsMin = 1
    /// Keys used within this time are not deleted, but for so many: one that leaked is revoked by the commit that deletes it, and a bad
    /// merge takes more.
    package var keysUsedWithin = usual
    package var usedKeysFree = 1
    package var modelsUsedWithin = usual
    package var blocksBudgetsBelowSpent = false
    package var firstManagement = FirstManagement.heldAtFirst

    /// When rows of the database that no commit put there are only reported.
    package enum FirstManagement: Hashable, Sendable {
        /// Never.
        case free
        /// By the first revision of a unit, where they differ from what it declares.
        case heldAtFirst
        /// Always.
        case held
    }

    package init() {}

    /// As a policy has them; what it leaves open is as without one.
    package init(_ guards: Repository.Guards?) {
        guard let guards else { return }
        if let deletions = guards.deletions {
            deletedCountMax = deletions.count
            // A count alone is all that was wished.
            deletedShareMax = deletions.share ?? Self.whole
        }
        if let share = guards.removedMembers { (removedMembersShareMax, isMemberShareDeclared) = (share, true) }
        adminsMin = guards.adminsMin
        if let within = guards.keysUsedWithin { (keysUsedWithin, usedKeysFree) = (within, 0) }
        modelsUsedWithin = guards.modelsUsedWithin ?? Self.usual
        blocksBudgetsBelowSpent = guards.budgetsBelowSpent == .block
        switch guards.firstManagement {
        case .allow: firstManagement = .free
        case .block: firstManagement = .held
        case nil: firstManagement = .heldAtFirst
        }
    }

    /// What was used within this time is in use: a week has every job that runs on some days only.
    static let usual = Duration.seconds(7 * 86_400)

    /// All there is.
    static let whole = 10_000
}
