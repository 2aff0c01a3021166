package import Spec

/// A budget over a calendar's window, of which somebody is told when a part of it is spent, and when it is exhausted.
package struct WatchedBudget: Sendable {
    package struct Mark: Hashable, Sendable {
        /// `80%`, or `soft`.
        package var name: String
        package var amount: Int64
        /// As it was declared: `notify`, `block`, `downgrade economy`.
        package var action: String
    }

    package let cell: DurableCell
    package let window: CalendarWindow
    package let org: String
    package let orgUID: String
    /// The Budget, or what else declares it.
    package let resource: ResourceKey
    private let bound: Bound
    private let terms: BudgetMarks?

    fileprivate init(
        cell: DurableCell, window: CalendarWindow, org: CompiledOrg, resource: ResourceKey, bound: Bound, terms: BudgetMarks?
    ) {
        (self.cell, self.window, self.org, orgUID) = (cell, window, org.name, org.uid)
        (self.resource, self.bound, self.terms) = (resource, bound, terms)
    }

    /// As an author would write it.
    package var text: String { bound.text(terms?.whole ?? bound.amount) }
    /// Beyond which it refuses; nil where it never does.
    package var amount: Int64? { bound.isEndless ? nil : bound.amount }
    /// Names of the Webhooks that are told beside those that ask for such events.
    package var notify: [String] { terms?.notify ?? [] }

    package var marks: [Mark] {
        guard let terms else { return [] }
        let soft = terms.soft.map { [Mark(name: "soft", amount: $0, action: "notify")] } ?? []
        return terms.marks.map { Mark(name: Self.percent($0.share), amount: $0.amount, action: Self.text($0.action)) } + soft
    }

    private static func text(_ action: BudgetTerms.Action) -> String {
        switch action {
        case .notify: "notify"
        case .block: "block"
        case .downgrade(let model): "downgrade \(model)"
        }
    }

    private static func percent(_ hundredths: Int) -> String {
        let rest = hundredths % 100
        let part = rest % 10 == 0 ? "\(rest / 10)" : "\(rest < 10 ? "0" : "")\(rest)"
        return "\(hundredths / 100)" + (rest == 0 ? "" : ".\(part)") + "%"
    }
}

extension Snapshot {
    /// Hands over every budget over a calendar's window, in its window around `now`. One that rolls has no window to be told of once.
    package func forEachWatchedBudget(now: Instant, _ body: (WatchedBudget) throws -> Void) rethrows {
        try forEachDistinctBound { bound, org in
            guard bound.isDeclaredAsBudget, case .calendar(let window, let zone) = bound.counting else { return }
            try body(
                WatchedBudget(
                    cell: durableCell(of: bound, model: nil),
                    window: graph.zones[Int(zone)].window(window, starts: bound.starts, around: now), org: org,
                    resource: graph.register.entries[Int(bound.counter)].key, bound: bound,
                    terms: bound.marks < 0 ? nil : graph.budgetMarks[Int(bound.marks)]))
        }
    }
}
