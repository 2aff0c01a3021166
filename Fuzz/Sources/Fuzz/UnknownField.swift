@testable internal import Spec

/// A document with one field more than its author gave it, in each of its mappings in turn.
enum UnknownField {
    /// Mappings that are tried of one document: time is better spent on other documents.
    private static let triesMax = 8

    /// No value of any field looks like this one, so that even a mapping with names of its author's choosing refuses it.
    private static let entry = Node.Entry(
        key: "unheardOf", keyExtent: .start, value: Node(content: .sequence([]), extent: .start))

    static func documents(from node: Node) -> [Node] {
        var documents: [Node] = []
        for index in 0..<triesMax {
            var left = index
            guard let changed = changing(node, &left) else { break }
            documents.append(changed)
        }
        return documents
    }

    /// The tree with the entry in its mapping of that number; nil when it has fewer.
    private static func changing(_ node: Node, _ left: inout Int) -> Node? {
        switch node.content {
        case .mapping(var entries):
            if left == 0 { return Node(content: .mapping(entries + [entry]), extent: node.extent) }
            left -= 1
            for index in entries.indices {
                guard let changed = changing(entries[index].value, &left) else { continue }
                entries[index].value = changed
                return Node(content: .mapping(entries), extent: node.extent)
            }
        case .sequence(var items):
            for index in items.indices {
                guard let changed = changing(items[index], &left) else { continue }
                items[index] = changed
                return Node(content: .sequence(items), extent: node.extent)
            }
        case .scalar, .broken: break
        }
        return nil
    }
}
