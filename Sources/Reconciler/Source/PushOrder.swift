/// What the child that pushes is to do; it travels in the environment, as what the child that fetches is told does.
struct PushOrder {
    /// The remote, the mirror, who we are, and the bounds.
    var access: FetchOrder
    /// The full name of the mirror's reference that is pushed.
    var reference: String
    var branch: BranchName
    /// Whether whatever the branch names is given up.
    var isForced: Bool

    private static let referenceVariable = "CHARTER_PUSH_REFERENCE"
    private static let branchVariable = "CHARTER_PUSH_BRANCH"
    private static let forceVariable = "CHARTER_PUSH_FORCED"

    static let variables = FetchOrder.variables + [referenceVariable, branchVariable, forceVariable]

    var environment: [String: String] {
        var environment = access.environment
        environment[Self.referenceVariable] = reference
        environment[Self.branchVariable] = branch.name
        if isForced { environment[Self.forceVariable] = "1" }
        return environment
    }

    init(_ access: FetchOrder, _ reference: String, to branch: BranchName, isForced: Bool) {
        (self.access, self.reference, self.branch, self.isForced) = (access, reference, branch, isForced)
    }

    /// Nil when it was not made by `environment`.
    init?(environment: [String: String]) {
        guard let access = FetchOrder(environment: environment), let reference = environment[Self.referenceVariable],
            let branch = environment[Self.branchVariable].flatMap({ BranchName($0) })
        else { return nil }
        self.init(access, reference, to: branch, isForced: environment[Self.forceVariable] != nil)
    }

    /// As Git writes what is pushed where (gitglossary(7), refspec).
    var refspec: String { (isForced ? "+" : "") + reference + ":" + branch.reference }
}
