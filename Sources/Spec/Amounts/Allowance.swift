/// The most that may be spent in a window: `250 USD/month`, `2M tokens/day`, `50 USD total`, `20 USD/30d rolling`.
package struct Allowance: Hashable, Sendable {
    package enum Amount: Hashable, Sendable {
        case money(NanoUSD)
        case tokens(Int64)
        case requests(Int64)
    }

    /// The time over which it is spent.
    package enum Span: Hashable, Sendable {
        /// From one turn of the calendar to the next.
        case calendar(Window)
        /// So long until now, at any moment.
        case rolling(Duration)
    }

    package var amount: Amount
    package var span: Span

    package init(amount: Amount, span: Span) {
        self.amount = amount
        self.span = span
    }

    package init(amount: Amount, window: Window) { self.init(amount: amount, span: .calendar(window)) }
}
