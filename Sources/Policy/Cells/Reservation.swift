package import Spec

/// An admitted request's place in the counters, until it is settled or released, exactly once.
///
/// It refers to no snapshot, so a long stream keeps none alive.
package struct Reservation: Sendable {
    let table: UInt64
    let slot: Int32
    let generation: UInt32
    /// What a running answer went beyond is added to it.
    var holds: [Hold]
    /// Targets of the claim for which there was no room, and which are not to be tried.
    let leftOut: TargetSet
    package let admitted: Instant
    /// Of the table's time.
    let opened: Duration
    /// The nearest soft budget that is exceeded.
    package var soft: SoftBudget?
}

/// What one counter gave.
struct Hold: Sendable {
    enum Place: Sendable {
        case ring(index: Int32, serial: UInt32, slot: Int64)
        case account(index: Int32, start: Instant)
        case gauge(index: Int32)
    }

    var place: Place
    var quantity: Bound.Quantity
    var isBudget: Bool
    /// Index of the bound in the snapshot that admitted the request.
    var bound: Int32
    var ask: Int64
    var amount: Int64
    /// After this request.
    var remaining: Int64
    /// Milliseconds until all of it is free again; means nothing where it never ends.
    var reset: Int64
    /// Nil for a rolling budget.
    var window: Window?
    var served: TargetSet
}

extension Reservation {
    /// The limits nearest to their ends, with this request's claim taken off.
    package var limits: LimitReport {
        var report = LimitReport()
        for hold in holds where hold.amount != .max {
            guard let window = hold.window else { continue }
            report.note(
                hold.quantity, LimitStatus(limit: hold.amount, remaining: hold.remaining, window: window, reset: hold.resetDuration))
        }
        return report
    }
}

extension Hold {
    fileprivate var resetDuration: Duration? { window == .total ? nil : .milliseconds(reset) }
}
