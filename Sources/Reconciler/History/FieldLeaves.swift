internal import Spec

/// The fields of a canonical text that have none inside, with items of lists called by what names them.
struct FieldLeaves {
    struct Leaf {
        /// The way to it as people say it, which stays the same when an item of a list moves.
        var path: String
        var pointer: String
        /// JSON text.
        var value: String
    }

    private(set) var all: [Leaf] = []
    /// By path.
    let values: [String: String]

    init(of canonical: String) {
        var all: [Leaf] = []
        if let node = FieldNode(canonical) {
            Self.collect(node, FieldPath(), "", into: &all)
        } else {
            all = [Leaf(path: FieldPointer.readable(""), pointer: "", value: canonical)]
        }
        self.all = all
        values = Dictionary(all.map { ($0.path, $0.value) }) { first, _ in first }
    }

    private static func collect(_ node: FieldNode, _ path: FieldPath, _ pointer: String, into all: inout [Leaf]) {
        if let members = node.members {
            for (name, value) in members {
                collect(value, path.member(name), "\(pointer)/\(JSONPointer.escaped(name))", into: &all)
            }
        } else if let items = node.items, items.contains(where: { !$0.isScalar }) {
            let key = ListKey.common(of: [items])
            for (index, item) in items.enumerated() {
                let name = key.flatMap { item[$0]?.scalar }
                let inner = name.map(path.item(named:)) ?? path.item(at: index)
                collect(item, inner, "\(pointer)/\(index)", into: &all)
            }
        } else {
            all.append(Leaf(path: path.text, pointer: pointer, value: node.text))
        }
    }
}
