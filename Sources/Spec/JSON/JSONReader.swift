/// Reads JSON into the same tree as YAML; for canonical text from the database.
///
/// Positions are on line 1, columns in bytes. Names that occur twice in an object are refused.
package struct JSONReader {
    private var walk: JSONWalk

    package static func parse(_ text: String) throws(JSONProblem) -> Node {
        var reader = JSONReader(walk: JSONWalk(text))
        let node = try reader.value()
        try reader.walk.finish()
        return node
    }

    private mutating func value() throws(JSONProblem) -> Node {
        let start = walk.index
        let content: Node.Content
        switch walk.peek {
        case UInt8(ascii: "{"): content = .mapping(try entries())
        case UInt8(ascii: "["): content = .sequence(try items())
        case UInt8(ascii: "\""): content = .scalar(Scalar(text: walk.unescaped(try walk.string()), isPlain: false))
        default: content = .scalar(Scalar(text: walk.text(try walk.literal()), isPlain: true))
        }
        return Node(content: content, extent: extent(start..<walk.index))
    }

    private mutating func entries() throws(JSONProblem) -> [Node.Entry] {
        var entries: [Node.Entry] = []
        var names: Set<String> = []
        guard try walk.enter("{", "}") else { return entries }
        repeat {
            let range = try walk.name()
            let key = walk.unescaped(range)
            guard names.insert(key).inserted else { throw walk.problem("the name `\(key)` occurs twice") }
            let quoted = (range.lowerBound - 1)..<(range.upperBound + 1)
            entries.append(Node.Entry(key: key, keyExtent: extent(quoted), value: try value()))
        } while try walk.continues(to: "}")
        return entries
    }

    private mutating func items() throws(JSONProblem) -> [Node] {
        var items: [Node] = []
        guard try walk.enter("[", "]") else { return items }
        repeat { items.append(try value()) } while try walk.continues(to: "]")
        return items
    }

    private func extent(_ range: Range<Int>) -> Extent {
        Extent(position: Position(line: 1, column: range.lowerBound + 1), length: max(1, range.count))
    }
}
