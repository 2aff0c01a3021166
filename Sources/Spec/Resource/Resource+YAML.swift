extension Resource {
    /// The resource as a document that declares it: what its own file says, or with all that its folders give, each
    /// such field with the place it comes from.
    ///
    /// Lists and values are in canonical form, comments are not kept. Nil for a canonical text that is no JSON.
    package func yaml(isEffective: Bool) -> String? {
        guard let node = try? JSONReader.parse(canonical), case .mapping(let fields) = node.content else { return nil }
        let metadata = [Node.Entry("name", .text(key.name))] + kept(fields.filter { $0.key != "spec" }, at: "", isEffective)
        let spec = kept(fields.filter { $0.key == "spec" }, at: "", isEffective)
        let envelope: [Node.Entry] = [
            Node.Entry("apiVersion", .text(currentAPIVersion)), Node.Entry("kind", .text(key.kind.rawValue)),
            Node.Entry("metadata", Node(content: .mapping(metadata), extent: .start)),
        ]
        return YAMLText(envelope + spec) { pointer in
            let own = pointer.hasPrefix("/metadata/") ? String(pointer.dropFirst("/metadata".count)) : pointer
            return self.inheritedPlace(of: own).map { "\($0.path):\($0.position.line)" }
        }.text
    }

    /// Where a field stands, when that is not the resource's own file and the field around it does not say the same.
    private func inheritedPlace(of pointer: String) -> Place? {
        guard let place, let field = spans[pointer], field.path != place.path else { return nil }
        let around = pointer.utf8.lastIndex(of: UInt8(ascii: "/")).flatMap { spans[String(pointer[..<$0])] }
        return around?.path == field.path ? nil : field
    }

    private func kept(_ entries: [Node.Entry], at pointer: String, _ isEffective: Bool) -> [Node.Entry] {
        guard !isEffective, let place else { return entries }
        return entries.compactMap { entry in
            let inner = pointer + "/" + JSONPointer.escaped(entry.key)
            guard case .mapping(let fields) = entry.value.content, !fields.isEmpty else {
                return spans[inner].map { $0.path != place.path } ?? false ? nil : entry
            }
            let own = kept(fields, at: inner, isEffective)
            if own.isEmpty { return nil }
            return Node.Entry(entry.key, Node(content: .mapping(own), extent: .start))
        }
    }
}

extension Node {
    fileprivate static func text(_ text: String) -> Node {
        Node(content: .scalar(Scalar(text: text, isPlain: false)), extent: .start)
    }
}

extension Node.Entry {
    fileprivate init(_ key: String, _ value: Node) { self.init(key: key, keyExtent: .start, value: value) }
}
