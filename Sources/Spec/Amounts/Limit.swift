/// How fast something may be used: `600 requests/min`, `2M tokens/day per model`, `20 concurrent`.
package struct Limit: Hashable, Sendable {
    package enum Quantity: String, Sendable { case requests, tokens, concurrent }

    package var quantity: Quantity
    package var amount: Int64
    /// Nil only for `concurrent`.
    package var window: Window?
    /// Whether every model has a counter of its own.
    package var perModel: Bool

    package init(quantity: Quantity, amount: Int64, window: Window?, perModel: Bool) {
        self.quantity = quantity
        self.amount = amount
        self.window = window
        self.perModel = perModel
    }
}
