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
    var reset: Int64
    var served: UInt64
}

/// A limit as the `x-ratelimit-*` headers show it.
package struct LimitStatus: Hashable, Sendable {
    package var limit: Int64
    package var remaining: Int64
    /// Until all of it is free again if nothing else happens.
    package var reset: Duration

    package init(limit: Int64, remaining: Int64, reset: Duration) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

extension Reservation {
    /// The limit of requests that is nearest to its end.
    package var requests: LimitStatus? { tightest(.requests) }
    /// The limit of tokens that is nearest to its end, with this request's claim taken off.
    package var tokens: LimitStatus? { tightest(.tokens) }

    private func tightest(_ quantity: Bound.Quantity) -> LimitStatus? {
        holds.lazy.filter { $0.quantity == quantity && $0.amount != .max }.min { first, second in
            Int128(first.remaining) * Int128(second.amount) < Int128(second.remaining) * Int128(first.amount)
        }.map { hold in
            LimitStatus(limit: hold.amount, remaining: hold.remaining, reset: .milliseconds(hold.reset))
        }
    }
}
