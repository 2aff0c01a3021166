internal import Policy
internal import Spec
internal import Store

/// Loads what administrators have forgiven of budgets.
enum CreditSeeds {
    /// The credits of all budgets of `snapshot` that may count around `now`, by whatever clock of the last day.
    static func load(_ connection: Connection, _ snapshot: Snapshot, now: Instant) throws -> [CounterCredit] {
        let after = Instant(milliseconds: now.milliseconds - CivilDate.millisecondsPerDay)
        let credits = try connection.transaction { try BudgetResets.credits($0, after: after) }
        guard !credits.isEmpty else { return [] }
        let uids = Set(credits.map(\.counter.uid))
        let counters = Dictionary(
            snapshot.budgetCounters(now: now) { uids.contains($1) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return credits.compactMap { credit in
            counters[credit.counter].map { CounterCredit(counter: $0, start: credit.start, amount: credit.amount) }
        }
    }
}

extension BudgetCounter {
    var id: CounterID { CounterID(uid: uid, name: name, subject: subjectText) }
}
