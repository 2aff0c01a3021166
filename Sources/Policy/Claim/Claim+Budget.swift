extension Claim {
    /// Whether a budget or quota that is counted in the ledger bounds the request.
    package var isUnderBudget: Bool {
        demands.contains { snapshot.graph.bounds[Int($0.bound)].isBudget }
    }
}
