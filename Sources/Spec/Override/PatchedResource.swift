/// A resource under the patches of all its overrides, each laid over what is declared where the element that was meant stands now.
package struct PatchedResource {
    /// What comes of it; as declared before a patch is laid over it.
    package private(set) var resource: Resource
    private let declared: Resource
    private let node: Node
    /// By pointers into the declared canonical text.
    private var fields: [String: Field] = [:]

    private struct Field {
        /// JSON text.
        var value: String
        /// Which patch it is of.
        var number: Int
    }

    package init(_ declared: Resource) throws(PatchProblem) {
        (self.declared, resource) = (declared, declared)
        node = try Resource.parsed(declared.canonical)
    }

    /// Lays one more over it, whose fields count before those of earlier ones; where that cannot be, it stays as it is.
    package mutating func lay(_ patch: ResourcePatch, number: Int) throws(PatchProblem) {
        var changed = fields
        for (pointer, value) in patch.ordered {
            changed[try patch.place(of: pointer, in: node)] = Field(value: value, number: number)
        }
        resource = try Resource.decode(key: declared.key, node, ResourcePatch(changed.mapValues(\.value)))
        fields = changed
    }

    /// Where in `resource` each field stands that a patch has set, with the patch's number.
    package var places: [(pointer: String, number: Int)] {
        fields.sorted { $0.key.precedesInBytes($1.key) }.map { (pointer: place(of: $0.key, $0.value), number: $0.value.number) }
    }

    /// Another value of an element may have moved it, as lists without an order are sorted by their text.
    private func place(of pointer: String, _ field: Field) -> String {
        guard let list = JSONPointer.list(ofElement: pointer),
            let alone = try? Resource.decode(key: declared.key, node, ResourcePatch([pointer: field.value])),
            let text = alone.canonicalScalar(at: alone.pointer(ofChanged: pointer, since: declared))
        else { return pointer }
        let index = (0..<resource.canonicalCount(at: list)).first { resource.canonicalScalar(at: "\(list)/\($0)") == text }
        return index.map { "\(list)/\($0)" } ?? pointer
    }
}

extension ResourcePatch {
    /// The patch with what each list element that it changes says in a resource, by which it is found again wherever it stands.
    package func remembering(_ declared: Resource) -> ResourcePatch {
        guard let node = try? JSONReader.parse(declared.canonical) else { return self }
        var patch = self
        for pointer in fields.keys { patch.elements[pointer] = node.listed(on: pointer)?.identity }
        return patch
    }

    /// Where the field of a pointer stands in a canonical text. Throws where its element is there no more.
    fileprivate func place(of pointer: String, in node: Node) throws(PatchProblem) -> String {
        guard let (depth, items) = node.list(on: pointer) else { return pointer }
        var names = JSONPointer.names(pointer)
        let index = Int(names[depth])
        if let wanted = elements[pointer] {
            if let index, items.indices.contains(index), items[index].identity == wanted { return pointer }
            guard let found = items.firstIndex(where: { $0.identity == wanted }) else { throw .elementGone(pointer: pointer, element: wanted) }
            names[depth] = "\(found)"
        } else if let found = Self.guess(items, at: index, for: fields[pointer]) {
            names[depth] = "\(found)"
        }
        return names.map { "/" + JSONPointer.escaped($0) }.joined()
    }

    /// Of an override that remembers no element: the one that counts like its value, if that alone does and the one of that number does not.
    private static func guess(_ items: [Node], at index: Int?, for value: String?) -> Int? {
        guard let value = value.flatMap({ try? JSONReader.parse($0) })?.identity else { return nil }
        func isAlike(_ item: Node) -> Bool { item.isScalar && item.identity.map(unit) == unit(value) }
        if let index, items.indices.contains(index), isAlike(items[index]) { return nil }
        let alike = items.indices.filter { isAlike(items[$0]) }
        return alike.count == 1 ? alike[0] : nil
    }

    /// What follows the number: ` requests/min`.
    private static func unit(_ text: String) -> Substring { text.drop { $0 != " " } }
}

extension JSONPointer {
    /// The list whose element a pointer leads to; nil for one that leads to none.
    static func list(ofElement pointer: String) -> String? {
        guard let slash = pointer.lastIndex(of: "/"), Int(pointer[pointer.index(after: slash)...]) != nil else { return nil }
        return String(pointer[..<slash])
    }
}

extension Node {
    /// The first list on the way of a pointer, and which of the pointer's names is the number of its element.
    fileprivate func list(on pointer: String) -> (depth: Int, items: [Node])? {
        var node = self
        for (depth, name) in JSONPointer.names(pointer).enumerated() {
            if case .sequence(let items) = node.content { return (depth, items) }
            guard let inner = node.element(name) else { return nil }
            node = inner
        }
        return nil
    }

    /// The element of the first list on the way of a pointer.
    fileprivate func listed(on pointer: String) -> Node? {
        guard let (depth, items) = list(on: pointer), let index = Int(JSONPointer.names(pointer)[depth]), items.indices.contains(index)
        else { return nil }
        return items[index]
    }

    /// By what an element of a list is known: its text, or the model of a route's target.
    fileprivate var identity: String? {
        switch content {
        case .scalar(let scalar): scalar.text
        case .mapping(let entries): entries.first { $0.key == "model" }.flatMap { $0.value.isScalar ? $0.value.identity : nil }
        case .sequence, .broken: nil
        }
    }
}
