internal import Spec

/// What tells the items of a list of mappings apart, whatever their order.
enum ListKey {
    /// The field by which the items of all these lists can be told apart; nil when there is none.
    static func common(of lists: [[FieldNode]]) -> String? {
        ItemName.fields.first { key in
            lists.allSatisfy { items in
                let names = items.compactMap { $0[key]?.scalar }
                return names.count == items.count && Set(names).count == names.count
            }
        }
    }
}
