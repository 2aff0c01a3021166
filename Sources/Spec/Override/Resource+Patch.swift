extension Resource {
    /// The resource with a patch in place of what its canonical text declares, decoded anew; it has no place and no spans.
    package static func decode(key: ResourceKey, canonical: String, patch: ResourcePatch) throws(PatchProblem) -> Resource {
        try decode(key: key, parsed(canonical), patch)
    }

    /// `node` is a canonical text as it was parsed; pointers are taken as they are.
    static func decode(key: ResourceKey, _ node: Node, _ patch: ResourcePatch) throws(PatchProblem) -> Resource {
        var node = node
        for (pointer, value) in patch.ordered {
            let names = JSONPointer.names(pointer)[...]
            guard !names.isEmpty, let changed = node.setting(names, to: try parsed(value)) else { throw .noField(pointer: pointer) }
            node = changed
        }
        do throws(CanonicalTextProblem) { return try decode(key: key, node) } catch {
            throw .invalid(error.diagnostics.map { $0.message + ($0.hint.map { " (\($0))" } ?? "") })
        }
    }

    static func parsed(_ text: String) throws(PatchProblem) -> Node {
        do throws(JSONProblem) { return try JSONReader.parse(text) } catch { throw .invalid([error.message]) }
    }

    /// The scalar that stands at a pointer in the canonical text, as JSON; nil where a default holds, or there is none.
    package func canonicalScalar(at pointer: String) -> String? {
        guard var node = try? JSONReader.parse(canonical) else { return nil }
        for name in JSONPointer.names(pointer) {
            guard let inner = node.element(name) else { return nil }
            node = inner
        }
        guard case .scalar(let scalar) = node.content else { return nil }
        var text = JSONText(capacity: scalar.text.utf8.count + 2)
        if scalar.isPlain { text.raw(scalar.text) } else { text.string(scalar.text) }
        return text.json
    }

    /// How many elements the list at a pointer has in the canonical text; 0 where there is none.
    package func canonicalCount(at pointer: String) -> Int {
        guard var node = try? JSONReader.parse(canonical) else { return 0 }
        for name in JSONPointer.names(pointer) {
            guard let inner = node.element(name) else { return 0 }
            node = inner
        }
        if case .sequence(let items) = node.content { return items.count }
        return 0
    }

    /// Where what a patch set at a pointer stands now: lists without an order are sorted by their text, and another value may take another place.
    package func pointer(ofChanged pointer: String, since declared: Resource) -> String {
        guard let list = JSONPointer.list(ofElement: pointer) else { return pointer }
        func values(_ resource: Resource) -> [String] {
            (0..<resource.canonicalCount(at: list)).compactMap { resource.canonicalScalar(at: "\(list)/\($0)") }
        }
        let old = values(declared)
        let changed = values(self).enumerated().filter { !old.contains($0.element) }
        return changed.count == 1 ? "\(list)/\(changed[0].offset)" : pointer
    }
}

extension Node {
    func element(_ name: String) -> Node? {
        switch content {
        case .mapping(let entries): entries.first { $0.key == name }?.value
        case .sequence(let items): Int(name).flatMap { items.indices.contains($0) ? items[$0] : nil }
        case .scalar, .broken: nil
        }
    }

    /// With another scalar where the names lead; the last one may be of a field that is left to its default. Nil where they lead nowhere.
    fileprivate func setting(_ names: ArraySlice<String>, to value: Node) -> Node? {
        guard let name = names.first else { return isScalar && value.isScalar ? value : nil }
        let rest = names.dropFirst()
        var changed = self
        switch content {
        case .mapping(var entries):
            if let index = entries.firstIndex(where: { $0.key == name }) {
                guard let inner = entries[index].value.setting(rest, to: value) else { return nil }
                entries[index].value = inner
            } else {
                guard rest.isEmpty, value.isScalar else { return nil }
                entries.append(Entry(key: name, keyExtent: extent, value: value))
            }
            changed.content = .mapping(entries)
        case .sequence(var items):
            guard let index = Int(name), items.indices.contains(index), let inner = items[index].setting(rest, to: value)
            else { return nil }
            items[index] = inner
            changed.content = .sequence(items)
        case .scalar, .broken: return nil
        }
        return changed
    }

    var isScalar: Bool {
        if case .scalar = content { true } else { false }
    }
}
