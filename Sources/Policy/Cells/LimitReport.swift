package import Spec

/// A limit as headers show it.
package struct LimitStatus: Hashable, Sendable {
    package var limit: Int64
    /// May be less than 0, where the limit was lowered.
    package var remaining: Int64
    package var window: Window
    /// Until all of it is free again if nothing else happens; nil for what never is.
    package var reset: Duration?

    package init(limit: Int64, remaining: Int64, window: Window, reset: Duration?) {
        self.limit = limit
        self.remaining = remaining
        self.window = window
        self.reset = reset
    }

    /// Whether less of it is left, in proportion.
    fileprivate func isTighter(than other: LimitStatus) -> Bool {
        Int128(remaining) * Int128(other.limit) < Int128(other.remaining) * Int128(limit)
    }
}

/// Of all limits of a request those nearest to their ends.
package struct LimitReport: Hashable, Sendable {
    package var requests: LimitStatus?
    package var tokens: LimitStatus?

    package init(requests: LimitStatus? = nil, tokens: LimitStatus? = nil) {
        self.requests = requests
        self.tokens = tokens
    }

    mutating func note(_ quantity: Bound.Quantity, _ status: LimitStatus) {
        switch quantity {
        case .requests: if requests.map(status.isTighter) ?? true { requests = status }
        case .tokens: if tokens.map(status.isTighter) ?? true { tokens = status }
        case .concurrent, .money: break
        }
    }
}
