internal import Policy
internal import Spec
internal import Store
internal import Synchronization

/// Tells of budgets of which a part is spent, and of those that refuse requests, once for each part and window and again after a
/// reset; confined to the state thread.
///
/// What is spent is looked at when the counters have been compared with the ledger, so no request pays for it, and what other
/// gateways spent counts too. That nothing is told twice, by whomever, is the outbox's.
struct BudgetBell {
    private struct Told: Hashable {
        var cell: DurableCell
        var windowStart: Instant
        /// What resets had forgiven of the window: after one the budget is told of anew.
        var credit: Int64
        /// Empty for that it is exhausted.
        var mark: String
    }

    /// What the outbox knows already, so that it is not asked again.
    private var told: Set<Told> = []

    mutating func ring(_ connection: Connection, _ state: EnforcedState, now: Instant) throws {
        var current: Set<Told> = []
        try state.snapshot.forEachWatchedBudget(now: now) { budget in
            let cells = state.cells(ofOrganization: budget.orgUID)
            guard let balance = cells?.table.withLock({ $0.balance(of: budget.cell) }), balance.window == budget.window else { return }
            for mark in budget.marks where balance.spent >= mark.amount {
                try tell(connection, budget, balance, mark: mark.name, &current) {
                    EventDraft(budget, mark, spent: balance.spent, revision: state.snapshot.revision.id)
                }
            }
            if let amount = budget.amount, balance.hasRefused || balance.spent >= amount {
                try tell(connection, budget, balance, mark: "", &current) {
                    EventDraft(budget, exhaustedAt: amount, spent: balance.spent, revision: state.snapshot.revision.id)
                }
            }
        }
        told = current
    }

    private func tell(
        _ connection: Connection, _ budget: WatchedBudget, _ balance: Balance, mark: String, _ current: inout Set<Told>,
        _ draft: () -> EventDraft
    ) throws {
        let telling = Told(cell: budget.cell, windowStart: budget.window.start, credit: balance.credit, mark: mark)
        if !told.contains(telling) {
            let draft = draft()
            let occurrence = EventOccurrence(
                topic: draft.type, subject: "\(budget.cell.uid):\(budget.cell.name)" + (mark.isEmpty ? "" : ":\(mark)"),
                value: "\(budget.window.start.milliseconds)" + (balance.credit == 0 ? "" : "+\(balance.credit)"))
            try connection.transaction { _ = try Outbox.append($0, draft, once: occurrence) }
        }
        current.insert(telling)
    }
}

extension EventDraft {
    fileprivate init(_ budget: WatchedBudget, _ mark: WatchedBudget.Mark, spent: Int64, revision: Int64) {
        self.init(.budgetThreshold, budget, spent: spent, revision: revision, change: "spent to \(mark.name)") { data in
            data.member("share", mark.name)
            data.member("action", mark.action)
            data.member("reached", mark.amount)
        }
    }

    fileprivate init(_ budget: WatchedBudget, exhaustedAt amount: Int64, spent: Int64, revision: Int64) {
        self.init(.budgetExhausted, budget, spent: spent, revision: revision, change: "exhausted") { data in
            data.member("bound", amount)
            data.member("left", max(0, amount - spent))
        }
    }

    private init(
        _ type: Webhook.Event, _ budget: WatchedBudget, spent: Int64, revision: Int64, change: String, _ more: (inout JSONText) -> Void
    ) {
        var data = JSONText()
        data.object { data in
            data.member("budget", budget.resource.description)
            data.member("amount", budget.text)
            more(&data)
            data.member("spent", spent)
            data.member("unit", budget.cell.meter == .usd ? "nano-USD" : budget.cell.meter.rawValue)
            data.member("window_start", budget.window.start.rfc3339)
            if budget.window.end != CalendarWindow.never { data.member("window_end", budget.window.end.rfc3339) }
        }
        var platform = JSONText()
        platform.object { platform in
            platform.array("notify") { names in for name in budget.notify { names.string(name) } }
        }
        self.init(
            type: type.rawValue, org: budget.org, revision: revision, data: data.json, platformData: platform.json,
            subjects: Self.subjects(of: budget.resource, change))
    }
}
