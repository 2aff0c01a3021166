@testable import Spec

/// Small changes of a document's tree.
struct TreeDamage {
    /// Scalars met anywhere, to be put where they do not belong.
    var pool: [Scalar]
    /// Names met anywhere.
    var names: [String]

    init(of documents: [Node]) {
        pool = Self.strange + documents.flatMap { Self.scalars(in: $0) }
        names = Array(Set(documents.flatMap { Self.names(in: $0) })).sorted()
    }

    private static let strange: [Scalar] =
        [
            "", "x", " ", "true", "True", "false", "null", "~", "0", "1", "-1", "+5", "007", "1.5", "1.0", "1e9", "0x1F",
            "0o17", "9223372036854775808", "-0", ".inf", ".nan", "80%", "101%", "0%", "3s", "1.5h", "5 USD", "0.0000000001 USD",
            "250 USD/month", "600 requests/min", "600requests /  min per model", "2027-02-30", "2028-02-29", "2027-02-29",
            "2027-02-01T09:00:00+01:00", "10.0.0.0/8", "10.0.0.1/8", "256.1.1.1", "::1", "1::2::3", "openai/*",
            "label:a=b", "label:", "a b", "ä", "日本", "\n", "-x", "x-", "A", "notify", "allow", "deny x", "99k", "1.5k tokens/day",
            String(repeating: "a", count: 63), String(repeating: "a", count: 64), String(repeating: "a", count: 201),
            String(repeating: "1", count: 64), "/", "https://x", "https://x/y?z", "http:///x", "0 6 * * 1-5", "a@b",
        ].flatMap { [Scalar(text: $0, isPlain: true), Scalar(text: $0, isPlain: false)] }

    private static func scalars(in node: Node) -> [Scalar] {
        switch node.content {
        case .scalar(let scalar): [scalar]
        case .sequence(let items): items.flatMap { scalars(in: $0) }
        case .mapping(let entries): entries.flatMap { scalars(in: $0.value) }
        case .broken: []
        }
    }

    private static func names(in node: Node) -> [String] {
        node.items.flatMap { names(in: $0) } + node.entries.flatMap { [$0.key] + names(in: $0.value) }
    }

    /// The tree with one thing changed somewhere in it.
    func applied(to node: Node, using random: inout SplitMix) -> Node {
        var changed = node
        let inner: Int =
            switch node.content {
            case .mapping(let entries): entries.count
            case .sequence(let items): items.count
            default: 0
            }
        // Deeper more often than not, so that leaves are met as often as the frame.
        guard inner > 0, Int.random(in: 0..<100, using: &random) < 75 else {
            change(&changed, using: &random)
            return changed
        }
        let index = Int.random(in: 0..<inner, using: &random)
        switch node.content {
        case .mapping(var entries):
            entries[index].value = applied(to: entries[index].value, using: &random)
            changed.content = .mapping(entries)
        case .sequence(var items):
            items[index] = applied(to: items[index], using: &random)
            changed.content = .sequence(items)
        default: break
        }
        return changed
    }

    private func change(_ node: inout Node, using random: inout SplitMix) {
        switch node.content {
        case .mapping(let entries): node.content = changed(entries, using: &random)
        case .sequence(let items): node.content = changed(items, using: &random)
        case .scalar(let scalar): node.content = changed(scalar, using: &random)
        case .broken: break
        }
    }

    private func changed(_ entries: [Node.Entry], using random: inout SplitMix) -> Node.Content {
        var entries = entries
        let index = entries.isEmpty ? nil : Int.random(in: entries.indices, using: &random)
        let taken = Set(entries.map(\.key))
        let name = names.randomElement(using: &random) ?? "x"
        switch (Int.random(in: 0..<7, using: &random), index) {
        case (0, let index?): entries.remove(at: index)
        case (1, let index?) where !taken.contains(name): entries[index].key = name
        case (2, let index?): entries[index].key += "x"
        case (3, _) where !taken.contains(name):
            entries.append(Node.Entry(key: name, keyExtent: .start, value: scalar(using: &random)))
        case (4, _): return .sequence(entries.map(\.value))
        case (5, _): return scalar(using: &random).content
        case (_, let index?): entries[index].value = scalar(using: &random)
        default: return .mapping([])
        }
        return .mapping(entries)
    }

    private func changed(_ items: [Node], using random: inout SplitMix) -> Node.Content {
        var items = items
        let index = items.isEmpty ? nil : Int.random(in: items.indices, using: &random)
        switch (Int.random(in: 0..<6, using: &random), index) {
        case (0, let index?): items.remove(at: index)
        case (1, let index?): items.append(items[index])
        case (2, _): items = []
        case (3, let index?): return items[index].content
        case (4, _): return .mapping(items.enumerated().map { Node.Entry(key: "k\($0)", keyExtent: .start, value: $1) })
        default: items.append(scalar(using: &random))
        }
        return .sequence(items)
    }

    private func changed(_ scalar: Scalar, using random: inout SplitMix) -> Node.Content {
        var scalar = scalar
        var text = Array(scalar.text.unicodeScalars)
        let index = text.isEmpty ? 0 : Int.random(in: text.indices, using: &random)
        let letter = Array("aZ0 9.-_/*:=%+\"é".unicodeScalars).randomElement(using: &random) ?? "x"
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where !text.isEmpty: text.remove(at: index)
        case 1: text.insert(letter, at: index)
        case 2 where !text.isEmpty: text[index] = letter
        case 3: text.append(letter)
        case 4: scalar.isPlain.toggle()
        case 5: return .sequence([Node(content: .scalar(scalar), extent: .start)])
        case 6: return .mapping([Node.Entry(key: "x", keyExtent: .start, value: Node(content: .scalar(scalar), extent: .start))])
        default: return self.scalar(using: &random).content
        }
        scalar.text = String(String.UnicodeScalarView(text))
        return .scalar(scalar)
    }

    private func scalar(using random: inout SplitMix) -> Node {
        let scalar = pool.randomElement(using: &random) ?? Scalar(text: "x", isPlain: true)
        return Node(content: .scalar(scalar), extent: .start)
    }
}

extension Node {
    /// The same tree with a line of its own for every value and key, so that a place leads back to what stands there.
    func numbered() -> (tree: Node, values: [Int: Scalar]) {
        var count = 0
        var values: [Int: Scalar] = [:]
        func numbered(_ node: Node) -> Node {
            var node = node
            count += 1
            let line = count
            node.extent = Extent(position: Position(line: line, column: 1), length: 1)
            switch node.content {
            case .scalar(let scalar): values[line] = scalar
            case .sequence(let items): node.content = .sequence(items.map(numbered))
            case .mapping(let entries):
                node.content = .mapping(
                    entries.map { entry in
                        count += 1
                        let key = Extent(position: Position(line: count, column: 1), length: 1)
                        return Entry(key: entry.key, keyExtent: key, value: numbered(entry.value))
                    })
            case .broken: break
            }
            return node
        }
        return (numbered(self), values)
    }
}
