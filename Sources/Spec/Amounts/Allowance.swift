/// The most that may be spent in a calendar window: `250 USD/month`, `2M tokens/day`, `50 USD total`.
package struct Allowance: Hashable, Sendable {
    package enum Amount: Hashable, Sendable {
        case money(NanoUSD)
        case tokens(Int64)
        case requests(Int64)
    }

    package var amount: Amount
    package var window: Window

    package init(amount: Amount, window: Window) {
        self.amount = amount
        self.window = window
    }
}
