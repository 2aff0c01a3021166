/// Anchors, aliases, tags and the version: what may stand beside a value.
extension YAMLReader {
    /// What the caret covers, without the anchor and tag before it.
    mutating func extent(of event: YAMLEvent) -> Extent {
        guard event.anchor != nil || event.tag != nil else { return event.extent }
        var finder = valueStart ?? ValueStart(cutLines())
        valueStart = nil
        let start = finder.find(from: event.start, to: event.end)
        valueStart = finder
        // Of an empty scalar there is nothing but its anchor and tag; of a block list not even a bracket.
        if case .scalar = event.content, start == event.end { return event.extent }
        return Extent(
            position: start, length: start.line == event.end.line ? max(1, event.end.column - start.column) : 1)
    }

    // MARK: Aliases

    /// False when reading must stop.
    mutating func take(alias name: String, _ extent: Extent) -> Bool {
        if expectsKey {
            report(.aliasRefused, extent, "an alias cannot be a key", hint: "write the key itself")
            frames[frames.count - 1].key = .broken
            return count(1, extent)
        }
        guard let anchored = resolve(name, extent) else {
            add(Node(content: .broken, extent: extent), depth: 0)
            return count(1, extent)
        }
        guard frames.count + anchored.depth <= limits.depthMax else { return failOfDepth(extent) }
        let alias = Alias(name: name, extent: extent, anchored: anchored.node.extent)
        add(Node(content: anchored.node.content, extent: extent, alias: alias), depth: anchored.depth)
        return count(anchored.nodes, extent)
    }

    private mutating func resolve(_ name: String, _ extent: Extent) -> Anchors.Anchored? {
        switch anchors[name] {
        case .unknown:
            report(
                .aliasRefused, extent, "no anchor &\(name) stands before this in the document",
                hint: Suggestion.nearest(to: name, among: anchors.names).map { "did you mean `*\($0)`?" }
                    ?? "write &\(name) before the value that it is to repeat; text that begins with * needs quotes")
        case .open(let anchor):
            report(
                .aliasRefused, extent, "the alias *\(name) stands inside of what it repeats", hint: nil,
                related: [(anchor, "&\(name) begins here")])
        case .known(let anchored):
            aliasNodes += anchored.nodes
            if aliasNodes <= limits.aliasNodesMax { return anchored }
            // Once for the file: the others come of the same.
            guard aliasNodes - anchored.nodes <= limits.aliasNodesMax else { return nil }
            report(
                .aliasesTooLarge, extent,
                "with *\(name) the aliases of this file add more than \(limits.aliasNodesMax) keys and values",
                hint: "`_defaults.yaml` holds what all resources of a folder share",
                related: [(anchored.node.extent, "the text that it repeats")])
        }
        return nil
    }

    // MARK: Tags

    /// Nil after a report.
    mutating func typed(_ scalar: Scalar, by tag: String, _ extent: Extent, _ event: YAMLEvent) -> Scalar? {
        guard let core = core(tag, event) else { return nil }
        if let typed = core.applied(to: scalar) { return typed }
        report(
            .tagContradicted, extent, "the tag \(core.written) says \(core.noun), and this is \(scalar.type.noun)",
            hint: "leave the tag out, or correct the value")
        return nil
    }

    /// False after a report.
    mutating func isAccepted(tag: String, ofMapping isMapping: Bool, _ extent: Extent, _ event: YAMLEvent) -> Bool {
        guard let core = core(tag, event) else { return false }
        guard core != (isMapping ? .mapping : .sequence) else { return true }
        report(
            .tagContradicted, extent,
            "the tag \(core.written) says \(core.noun), and this is \(isMapping ? "a mapping" : "a list")",
            hint: "leave the tag out, or correct the value")
        return false
    }

    private mutating func core(_ tag: String, _ event: YAMLEvent) -> CoreTag? {
        if let core = CoreTag(tag) { return core }
        let all = CoreTag.allCases.map { "`\($0.written)`" }.joined(separator: ", ")
        let isLocal = tag.hasPrefix("!") && !tag.hasPrefix("!!")
        report(
            .tagRefused, tagExtent(of: event), "the tag \(CoreTag.shown(tag)) is not supported",
            hint: isLocal ? "leave it out; text that begins with `!` needs quotes" : "there are only \(all)")
        return nil
    }

    private mutating func tagExtent(of event: YAMLEvent) -> Extent {
        var finder = valueStart ?? ValueStart(cutLines())
        valueStart = nil
        defer { valueStart = finder }
        return finder.findTag(from: event.start, to: event.end) ?? event.extent
    }

    // MARK: Version

    /// libyaml itself refuses all but 1.1 and 1.2.
    mutating func check(version: String, _ extent: Extent) {
        guard version != "1.2" else { return }
        report(
            .yamlVersionRefused, extent, "this is read as YAML 1.2, not \(version)",
            hint: "remove the line; mind that `yes` and `on` are text, and that 010 is ten")
    }
}
