/// Why a plan is held back, permanently numbered; the guard of the reconciler decides, `charter explain G1002` tells.
package enum GuardCode: String, CaseIterable, Sendable {
    case emptyRead = "G1001"
    case massDeletion = "G1002"
    case lastAdmin = "G1003"
    case rewritten = "G1004"
    case removedMembers = "G1005"
    case protected = "G1006"
    case keysInUse = "G1007"
    case modelsInUse = "G1008"
    case budgetsBelowSpent = "G1009"
    case firstManagement = "G1010"
    case proposal = "G1011"
    case manual = "G1012"
    case pruneConfirm = "G1013"
    case rolledBack = "G1014"

    /// The heading of `docs/ERRORS.md` that they all stand under.
    package static let section = "What holds a plan back"

    /// A few words that name it.
    package var title: String {
        switch self {
        case .emptyRead: "nothing was read"
        case .massDeletion: "mass deletion"
        case .lastAdmin: "too few admins left"
        case .rewritten: "rewritten branch"
        case .removedMembers: "many members removed"
        case .protected: "protected resources"
        case .keysInUse: "keys in use"
        case .modelsInUse: "models in use"
        case .budgetsBelowSpent: "budgets below what is spent"
        case .firstManagement: "first management"
        case .proposal: "proposal"
        case .manual: "applied by hand only"
        case .pruneConfirm: "deletions to be confirmed"
        case .rolledBack: "rolled back"
        }
    }
}
