package import Spec

/// A budget of which somebody is told when a part of it is spent.
package struct MarkedBudget: Sendable {
    package struct Mark: Hashable, Sendable {
        /// `80%`, or `soft`.
        package var name: String
        package var amount: Int64
        /// As it was declared: `notify`, `block`, `downgrade economy`.
        package var action: String
    }

    package var cell: DurableCell
    package var window: CalendarWindow
    package var org: String
    package var orgUID: String
    /// The Budget, or what else declares it.
    package var resource: ResourceKey
    /// As an author would write it.
    package var text: String
    package var marks: [Mark]
    /// Names of the Webhooks that are told beside those that ask for such events.
    package var notify: [String]
}

extension Snapshot {
    /// Every budget with marks, in its window around `now`.
    package func markedBudgets(now: Instant) -> [MarkedBudget] {
        guard !graph.budgetMarks.isEmpty else { return [] }
        return distinctBounds { bound, org in
            // Others have no counter in PostgreSQL that could tell who is the first to see a mark passed.
            guard bound.marks >= 0, bound.starts == nil, bound.tag < 0, case .calendar(let window, let zone) = bound.counting
            else { return nil }
            let marks = graph.budgetMarks[Int(bound.marks)]
            let soft = marks.soft.map { [MarkedBudget.Mark(name: "soft", amount: $0, action: "notify")] } ?? []
            return MarkedBudget(
                cell: durableCell(of: bound, model: nil), window: graph.zones[Int(zone)].window(window, around: now), org: org.name,
                orgUID: org.uid, resource: graph.register.entries[Int(bound.counter)].key, text: bound.text(marks.whole),
                marks: marks.marks.map { .init(name: Self.percent($0.share), amount: $0.amount, action: Self.text($0.action)) } + soft,
                notify: marks.notify)
        }
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
