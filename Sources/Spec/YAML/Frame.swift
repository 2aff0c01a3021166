/// A list or mapping that has begun and not yet ended.
struct Frame {
    enum Key {
        case named(String, Extent)
        /// Reported already, like the next.
        case merge(Extent)
        case broken
    }

    let isMapping: Bool
    let extent: Extent
    let anchor: String?
    /// Keys and values of the document before it.
    let nodesBefore: Int
    var items: [Node] = []
    var entries: [Node.Entry] = []
    /// The key whose value comes next.
    var key: Key?
    /// Whether a key that was reported had a value here.
    var hadBrokenKey = false
    /// Whether its tag was refused.
    var isDoubtful = false
    /// Lists and mappings nested inside.
    var depth = 0
    /// Only of a mapping with more keys than `keysSearched`.
    private var seen: [String: Extent] = [:]
    /// So few keys are compared one by one, which is faster than a table.
    private static let keysSearched = 8

    init(isMapping: Bool, _ extent: Extent, anchor: String?, nodesBefore: Int) {
        self.isMapping = isMapping
        self.extent = extent
        self.anchor = anchor
        self.nodesBefore = nodesBefore
    }

    /// What stands before a key that is indented by what only looks like spaces: the key may belong inside of it.
    mutating func doubtLast(at extent: Extent) {
        guard let last = entries.indices.last else { return }
        switch entries[last].value.content {
        case .scalar(let scalar) where scalar.isPlain && scalar.text.isEmpty: entries[last].value.content = .broken
        case .mapping(let inner): entries[last].value.content = .mapping(inner + [.merging(at: extent)])
        default: break
        }
    }

    var content: Node.Content {
        guard isMapping else { return .sequence(items) }
        // What all of its fields are is not known, so that none of them is missing.
        return hadBrokenKey && entries.isEmpty ? .broken : .mapping(entries)
    }

    /// Where the key was given before, if it was.
    mutating func earlier(_ key: String) -> Extent? {
        if entries.count <= Self.keysSearched { return entries.first { $0.key == key }?.keyExtent }
        if seen.isEmpty {
            seen = Dictionary(entries.map { ($0.key, $0.keyExtent) }) { first, _ in first }
        } else if let last = entries.last {
            seen[last.key] = last.keyExtent
        }
        return seen[key]
    }
}
