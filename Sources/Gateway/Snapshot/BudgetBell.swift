internal import Policy
internal import Spec
internal import Store
internal import Synchronization

/// Tells of budgets of which a part is spent, once for each part and window; confined to the state thread.
///
/// What is spent is looked at when the counters have been compared with the ledger, so no request pays for it, and what other
/// gateways spent counts too. That nothing is told twice, by whomever, is the outbox's.
struct BudgetBell {
    private struct Told: Hashable {
        var cell: DurableCell
        var windowStart: Instant
        var mark: String
    }

    /// What the outbox knows already, so that it is not asked again.
    private var told: Set<Told> = []

    mutating func ring(_ connection: Connection, _ state: EnforcedState, now: Instant) throws {
        var current: Set<Told> = []
        for budget in state.snapshot.markedBudgets(now: now) {
            let cells = state.cells(ofOrganization: budget.orgUID)
            guard let balance = cells?.table.withLock({ $0.balance(of: budget.cell) }), balance.window == budget.window else { continue }
            for mark in budget.marks where balance.spent >= mark.amount {
                let telling = Told(cell: budget.cell, windowStart: budget.window.start, mark: mark.name)
                if !told.contains(telling) {
                    let draft = EventDraft(budget, mark, spent: balance.spent, revision: state.snapshot.revision.id)
                    let occurrence = EventOccurrence(
                        topic: draft.type, subject: "\(budget.cell.uid):\(budget.cell.name):\(mark.name)",
                        value: "\(budget.window.start.milliseconds)")
                    try connection.transaction { _ = try Outbox.append($0, draft, once: occurrence) }
                }
                current.insert(telling)
            }
        }
        told = current
    }
}

extension EventDraft {
    fileprivate init(_ budget: MarkedBudget, _ mark: MarkedBudget.Mark, spent: Int64, revision: Int64) {
        var data = JSONText()
        data.object { data in
            data.member("budget", budget.resource.description)
            data.member("amount", budget.text)
            data.member("share", mark.name)
            data.member("action", mark.action)
            data.member("reached", mark.amount)
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
            type: Webhook.Event.budgetThreshold.rawValue, org: budget.org, revision: revision, data: data.json,
            platformData: platform.json, subjects: Self.subjects(of: budget.resource, "spent to \(mark.name)"))
    }
}
