package import Spec

/// What is held of one window of a budget, or of one part of a window that rolls, for requests under way.
package struct ReservedAmount: Hashable, Sendable {
    package var counter: CounterID
    /// The beginning of the window, or of the part.
    package var start: Instant
    /// In nano-USD, tokens or requests; above zero.
    package var amount: Int64

    package init(counter: CounterID, start: Instant, amount: Int64) {
        self.counter = counter
        self.start = start
        self.amount = amount
    }
}
