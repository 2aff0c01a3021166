package import Spec

/// A hard budget without room for more of an answer that is under way.
package struct SpentBudget: Sendable {
    /// Index of the bound in the snapshot that admitted the request.
    let bound: Int32
    let counter: CellKey
    package let resetsAt: Instant
}

extension Snapshot {
    /// What the client is told in place of the rest. Nil where `self` is so different from the snapshot that admitted the request
    /// that the rule is not in its place any more, as after a key of a pool has gone under the same revision.
    package func refusal(_ spent: SpentBudget) -> Refusal? {
        guard graph.bounds.indices.contains(Int(spent.bound)) else { return nil }
        let bound = graph.bounds[Int(spent.bound)]
        guard bound.cell == spent.counter else { return nil }
        return Refusal(
            .budgetExceeded, "the budget of \(bound.text) is spent, so the answer ends here", rule: rule(bound.rule),
            resetsAt: spent.resetsAt == CalendarWindow.never ? nil : spent.resetsAt)
    }
}
