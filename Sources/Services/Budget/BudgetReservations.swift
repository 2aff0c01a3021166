internal import Policy
internal import Spec
internal import Store

/// What requests under way hold of budgets, as far as gateways have told.
struct BudgetReservations {
    /// When the gateway reported whose report is the oldest of those that count; nil where none has.
    let at: Instant?
    private let amounts: [CounterID: [ReservedAmount]]

    init(_ transaction: Transaction, of counters: [BudgetCounter]) throws(DatabaseError) {
        at = try Replicas.list(transaction, within: Replicas.silenceMax).map(\.reportedAt).min()
        amounts = Dictionary(grouping: try ReservedAmounts.list(transaction, uids: counters.map(\.uid)), by: \.counter)
    }

    /// In nano-USD, tokens or requests, of all that counts in the present window; nil where no gateway has reported.
    func amount(of counter: BudgetCounter) -> Int64? {
        guard at != nil else { return nil }
        return (amounts[counter.id] ?? []).reduce(0) { sum, part in
            guard part.start >= counter.window.start, part.start < counter.window.end else { return sum }
            let (total, overflow) = sum.addingReportingOverflow(part.amount)
            return overflow ? .max : total
        }
    }
}
