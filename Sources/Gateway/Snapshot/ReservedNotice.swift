internal import HTTP
internal import Policy
internal import Spec
internal import Store
internal import Synchronization

/// Tells PostgreSQL what requests under way hold of budgets; confined to the state thread.
///
/// Rows are as many as there are budgets that open requests fall under. They are written where they differ from those before, and
/// else before they would be taken for a dead gateway's.
struct ReservedNotice {
    /// What PostgreSQL has of this process; nil before the first time, when an earlier one may have left rows.
    private var told: Set<ReservedAmount>?
    /// Of the monotonic clock.
    private var toldAt: Int64 = 0

    /// Does it in the transaction of `report`, so that what a gateway says it holds is as young as its report.
    mutating func tell(
        _ connection: Connection, _ state: EnforcedState, gateway: String, epoch: Int64, with report: (Transaction) throws -> Void
    ) throws {
        let (held, now) = (Self.held(state), WallClock.monotonicNanoseconds)
        let isDue = held != told || !held.isEmpty && now - toldAt >= Self.renewNanoseconds
        try connection.transaction { transaction in
            if isDue { try ReservedAmounts.replace(transaction, gateway: gateway, epoch: epoch, with: Array(held)) }
            try report(transaction)
        }
        if isDue { (told, toldAt) = (held, now) }
    }

    private static func held(_ state: EnforcedState) -> Set<ReservedAmount> {
        var holds = CounterHolds()
        for cells in state.allCells.values {
            var place: Int? = 0
            // The lock is let go between, as requests wait for it.
            while let from = place { place = cells.table.withLock { $0.add(to: &holds, from: from) } }
        }
        return Set(state.snapshot.budgetHolds(holds, now: WallClock.now).map { hold in
            ReservedAmount(counter: hold.counter.id, start: hold.start, amount: hold.amount)
        })
    }

    /// A third of how long rows count.
    private static let renewNanoseconds = Replicas.silenceMax.inNanoseconds / 3
}
