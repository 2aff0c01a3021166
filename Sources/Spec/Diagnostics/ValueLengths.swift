/// How long the values of a file are, by where they begin; read anew from the file, for few are ever asked for.
struct ValueLengths {
    private var lengths: [Position: Int] = [:]

    init(_ file: SourceFile) {
        for document in YAMLReader(path: file.path, bytes: file.bytes).documents { gather(document) }
    }

    /// 1 where no value begins.
    subscript(_ position: Position) -> Int { lengths[position] ?? 1 }

    private mutating func gather(_ node: Node) {
        // A mapping begins where its first key does, and the key is what is looked at.
        switch node.content {
        case .scalar, .broken: lengths[node.extent.position] = node.extent.length
        case .sequence(let items):
            lengths[node.extent.position] = node.extent.length
            for item in items { gather(item) }
        case .mapping(let entries):
            lengths[node.extent.position] = node.extent.length
            for entry in entries {
                lengths[entry.keyExtent.position] = entry.keyExtent.length
                gather(entry.value)
            }
        }
    }
}
