/// What the child that pushes is to do; it travels in the environment, as what the child that fetches is told does.
struct PushOrder {
    enum Act: Hashable {
        /// Has a branch name what a reference of the mirror names, where the remote's is `old` yet; nil where it has none.
        case push(reference: String, BranchName, old: ObjectID?)
        /// Takes a branch away that is `old` yet.
        case remove(BranchName, old: ObjectID)
        /// Tells what branches name.
        case look([BranchName])
    }

    /// The remote, the mirror, who we are, and the bounds.
    var access: FetchOrder
    var act: Act

    private static let referenceVariable = "CHARTER_PUSH_REFERENCE"
    private static let branchesVariable = "CHARTER_PUSH_BRANCHES"
    private static let oldVariable = "CHARTER_PUSH_OLD"

    static let variables = FetchOrder.variables + [referenceVariable, branchesVariable, oldVariable]

    init(_ access: FetchOrder, _ act: Act) { (self.access, self.act) = (access, act) }

    var environment: [String: String] {
        var environment = access.environment
        switch act {
        case .push(let reference, let branch, let old):
            environment[Self.referenceVariable] = reference
            environment[Self.branchesVariable] = branch.name
            environment[Self.oldVariable] = old?.hex
        case .remove(let branch, let old):
            environment[Self.branchesVariable] = branch.name
            environment[Self.oldVariable] = old.hex
        case .look(let branches): environment[Self.branchesVariable] = branches.map(\.name).joined(separator: "\n")
        }
        return environment
    }

    /// Nil when it was not made by `environment`.
    init?(environment: [String: String]) {
        let old = environment[Self.oldVariable].flatMap { ObjectID(hex: $0) }
        guard let access = FetchOrder(environment: environment), let names = environment[Self.branchesVariable],
            old?.hex == environment[Self.oldVariable]
        else { return nil }
        let branches = names.split(separator: "\n").compactMap { BranchName(String($0)) }
        guard let branch = branches.first else { return nil }
        if let reference = environment[Self.referenceVariable] {
            self.init(access, .push(reference: reference, branch, old: old))
        } else if let old {
            self.init(access, .remove(branch, old: old))
        } else {
            self.init(access, .look(branches))
        }
    }
}
