extension Shape where Value: FieldSet {
    /// A mapping of the type's fields.
    static var fields: Shape<Value> {
        Shape(.fields(Fields.declared(by: Value.self))) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.expected("a mapping", node)
                return nil
            }
            var fields = Fields(entries, reading)
            let value = Value(from: &fields)
            fields.finish()
            return value.map { Decoded($0, .object(fields.canonical)) }
        }
    }
}

extension Shape {
    /// A list whose order has a meaning.
    static func list<Item>(of item: Shape<Item>) -> Shape<[Item]> where Value == [Item] {
        Shape<[Item]>(.list(item.describe())) { node, reading in
            guard let items = readItems(node, item, reading) else { return nil }
            return Decoded(items.map(\.decoded.value), .list(items.map(\.decoded.canonical)))
        }
    }

    /// A list whose order means nothing: it is sorted by its canonical text, and repeated items are dropped with a
    /// warning.
    static func set<Item>(of item: Shape<Item>) -> Shape<[Item]> where Value == [Item] {
        Shape<[Item]>(.set(item.describe())) { node, reading in
            guard let items = readItems(node, item, reading) else { return nil }
            // Nothing to sort, as most are.
            guard items.count > 1 else { return Decoded(items.map(\.decoded.value), .list(items.map(\.decoded.canonical))) }
            let texts = items.map(\.decoded.canonical.text)
            let sorted = items.indices.sorted { (texts[$0], $0) < (texts[$1], $1) }
            var order: [Int] = []
            for index in sorted {
                if let last = order.last, texts[last] == texts[index] {
                    reading.report(
                        .repeatedItem, items[index].extent, "this item is in the list already", hint: "remove it",
                        related: [(items[last].extent, "first given here")])
                } else {
                    order.append(index)
                }
            }
            reading.reorder(marks: items.map(\.mark), order: order)
            return Decoded(order.map { items[$0].decoded.value }, .list(order.map { items[$0].decoded.canonical }))
        }
    }

    /// Nil when an item is wrong, or when it is no list.
    private static func readItems<Item>(_ node: Node, _ item: Shape<Item>, _ reading: Reading) -> [ReadItem<Item>]? {
        guard case .sequence(let nodes) = node.content else {
            reading.expected("a list", node, hint: "write it as `[…]`, or one item a line, each after `- `")
            return nil
        }
        var items: [ReadItem<Item>] = []
        for (index, node) in nodes.enumerated() {
            let mark = reading.mark
            let decoded = reading.within(String(index), key: node.extent, node) { item.read(node, reading) }
            if let decoded { items.append(ReadItem(decoded: decoded, extent: node.extent, mark: mark)) }
        }
        return items.count == nodes.count ? items : nil
    }

    /// A mapping with names of the author's choosing, sorted by name; `value` is given the name.
    ///
    /// `pattern` says the same as `accepts`, see `ShapeDescription.text`.
    static func map<Item>(
        key: String, pattern: String? = nil, _ accepts: @escaping (String) -> Bool, hint: String, of value: @escaping (String) -> Shape<Item>
    ) -> Shape<[Named<Item>]> where Value == [Named<Item>] {
        Shape<[Named<Item>]>(.map(key: key, pattern: pattern, value("").describe())) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.expected("a mapping of \(key)", node)
                return nil
            }
            var isWhole = true
            var items: [Named<Item>] = []
            var canonical: [CanonicalJSON.Field] = []
            for entry in entries {
                if entry.isMergeKey {
                    isWhole = false
                    continue
                }
                let use: Lookalikes.Use = accepts(entry.key) ? .label : .identifier
                if reading.path != nil, reading.refusesLookalike(in: entry.key, entry.keyExtent, as: use) {
                    isWhole = false
                } else if !accepts(entry.key) {
                    reading.report(.nameInvalid, entry.keyExtent, "`\(entry.key)` is not \(key)", hint: hint)
                }
                let decoded = reading.within(entry.key, key: entry.keyExtent, entry.value) {
                    value(entry.key).read(entry.value, reading)
                }
                guard let decoded, accepts(entry.key) else { continue }
                items.append(Named(name: entry.key, value: decoded.value))
                canonical.append(CanonicalJSON.Field(entry.key, decoded.canonical))
            }
            guard isWhole, items.count == entries.count else { return nil }
            items.sort { $0.name.precedesInBytes($1.name) }
            return Decoded(items, .object(canonical))
        }
    }
}

extension Shape {
    /// A mapping whose names are words of an open set.
    static func words<Item>(
        of vocabulary: Vocabulary, value: @escaping (String) -> Shape<Item>
    ) -> Shape<[Named<Item>]> where Value == [Named<Item>] {
        Shape<[Named<Item>]>.map(
            key: vocabulary.noun, pattern: Vocabulary.pattern, Vocabulary.accepts, hint: "write it like `\(vocabulary.example)`", of: value
        ).remarkingKeys(by: vocabulary)
    }

    /// Adds the remark on names that are nearly known words.
    func remarkingKeys<Item>(by vocabulary: Vocabulary) -> Shape where Value == [Named<Item>] {
        noting { _, node, reading in
            guard case .mapping(let entries) = node.content else { return }
            for entry in entries { vocabulary.remark(on: entry.key, at: entry.keyExtent, reading) }
        }
    }
}

extension Shape where Value == [String: String] {
    /// Labels and annotations: text by name.
    static var texts: Shape<[String: String]> {
        Shape<[Named<String>]>.map(
            key: "a name", pattern: #"[\s\S]+"#, { !$0.isEmpty }, hint: "give it a name", of: { _ in Shape<String>.written }
        ).map { pairs in Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first } }
    }
}

/// A value under a name of the author's choosing.
struct Named<Value> {
    var name: String
    var value: Value
}

extension Named: Equatable where Value: Equatable {}

/// An item of a list with what sorting needs to know.
private struct ReadItem<Item> {
    var decoded: Decoded<Item>
    var extent: Extent
    var mark: Int
}
