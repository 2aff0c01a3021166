extension Resource {
    /// The resource as it would be declared with a suspension in place of any that it has; throws for a kind that has none.
    package func suspended(because reason: String, until: Instant?) throws(PatchProblem) -> Resource {
        var text = JSONText()
        text.object { text in
            text.member("reason", reason)
            text.member("until", until?.text)
        }
        let suspension = try Self.parsed(text.json)
        let node = try Self.parsed(canonical).with("spec") { $0.with("suspend") { _ in suspension } }
        return try Self.decode(key: key, node, ResourcePatch([:]))
    }
}

extension Node {
    /// A mapping with another value of a member, which `change` is given as it is, or as an empty mapping.
    fileprivate func with(_ name: String, _ change: (Node) -> Node) -> Node {
        guard case .mapping(var entries) = content else { return self }
        var changed = self
        if let index = entries.firstIndex(where: { $0.key == name }) {
            entries[index].value = change(entries[index].value)
        } else {
            var empty = self
            empty.content = .mapping([])
            entries.append(Entry(key: name, keyExtent: extent, value: change(empty)))
        }
        changed.content = .mapping(entries)
        return changed
    }
}
