package import Spec

/// A hard budget without room for more of an answer that is under way.
package struct SpentBudget: Sendable {
    /// Index of the bound in the snapshot that admitted the request.
    let bound: Int32
    package let resetsAt: Instant
}

extension Snapshot {
    /// What the client is told in place of the rest; `self` is the snapshot that admitted the request.
    package func refusal(_ spent: SpentBudget) -> Refusal {
        let bound = graph.bounds[Int(spent.bound)]
        return Refusal(
            .budgetExceeded, "the budget of \(bound.text) is spent, so the answer ends here", rule: rule(bound.rule),
            resetsAt: spent.resetsAt == CalendarWindow.never ? nil : spent.resetsAt)
    }
}
