package import Spec

/// What budgets ask for before they are spent.
extension CellTable {
    /// The model or route that the nearest of the claim's budgets wants used instead, by what is spent of it.
    package mutating func downgrade(of claim: Claim, now: Instant) -> String? {
        let graph = claim.snapshot.graph
        for demand in claim.demands {
            let bound = graph.bounds[Int(demand.bound)]
            guard bound.marks >= 0, let place = accounts.place(of: demand.cell) else { continue }
            accounts.counters[Int(place)].advance(to: now)
            if let model = graph.budgetMarks[Int(bound.marks)].downgrade(at: accounts.counters[Int(place)].spent) { return model }
        }
        return nil
    }

    /// The first of the holds whose soft budget is exceeded already.
    func softBudget(beyondWhich holds: [Hold], _ graph: Graph) -> SoftBudget? {
        guard !graph.budgetMarks.isEmpty else { return nil }
        for hold in holds {
            let marks = graph.bounds[Int(hold.bound)].marks
            guard marks >= 0, let soft = graph.budgetMarks[Int(marks)].soft, case .account(let place, _) = hold.place else { continue }
            let spent = accounts.counters[Int(place)].spent
            if spent > soft { return SoftBudget(bound: hold.bound, amount: soft, spent: spent) }
        }
        return nil
    }
}

/// A soft budget of which more is spent than it says.
package struct SoftBudget: Sendable {
    let bound: Int32
    let amount: Int64
    let spent: Int64
}

extension Snapshot {
    /// `soft=10 USD/month; used=12.5 USD/month`, with the budget's name as far as who shows this key may know it; `self` admitted the request.
    package func softWarning(_ soft: SoftBudget, to key: KeyDigest) -> String {
        let bound = graph.bounds[Int(soft.bound)]
        let figures = "soft=\(bound.text(soft.amount)); used=\(bound.text(soft.spent))"
        guard let rule = rule(bound.rule).disclosed(disclosure(to: key)) else { return figures }
        return "\(rule.resource); \(figures)"
    }
}

extension Claim {
    /// Whether some budget of the request sends what comes late in its window to another model.
    package var mayBeDowngraded: Bool {
        let graph = snapshot.graph
        return !graph.budgetMarks.isEmpty
            && demands.contains { demand in
                let marks = graph.bounds[Int(demand.bound)].marks
                return marks >= 0 && graph.budgetMarks[Int(marks)].downgrades
            }
    }
}
