/// What tells the items of a list of mappings apart, whatever their order.
package enum ItemName {
    /// Fields that name an item where every item has one of its own, the best first.
    package static let fields = ["sha256", "name", "model", "path", "effectiveFrom", "tool", "id"]

    /// What each item of a list is called: its own text, or the text of the field that names them all; nil where nothing does.
    static func names(of items: [Node]) -> [String]? {
        if let own = unique(items.map(\.text)) { return own }
        return fields.lazy.compactMap { names(of: items, by: $0) }.first
    }

    static func names(of items: [Node], by field: String) -> [String]? {
        unique(items.map { item in item.entries.first { $0.key == field }?.value.text })
    }

    private static func unique(_ names: [String?]) -> [String]? {
        let given = names.compactMap(\.self)
        return given.count == names.count && Set(given).count == given.count ? given : nil
    }
}
