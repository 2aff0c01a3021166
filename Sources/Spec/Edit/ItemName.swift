/// What tells the items of a list of mappings apart, whatever their order.
package enum ItemName {
    /// Fields that name an item where every item has one of its own, the best first.
    package static let fields = ["sha256", "name", "model", "path", "effectiveFrom", "tool", "id"]
}
