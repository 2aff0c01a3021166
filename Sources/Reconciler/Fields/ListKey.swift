/// What tells the items of a list of mappings apart, whatever their order.
enum ListKey {
    /// Fields that name an item where every item has one of its own, the best first.
    private static let candidates = ["sha256", "name", "model", "path", "effectiveFrom", "tool", "id"]

    /// The field by which the items of all these lists can be told apart; nil when there is none.
    static func common(of lists: [[FieldNode]]) -> String? {
        candidates.first { key in
            lists.allSatisfy { items in
                let names = items.compactMap { $0[key]?.scalar }
                return names.count == items.count && Set(names).count == names.count
            }
        }
    }
}
