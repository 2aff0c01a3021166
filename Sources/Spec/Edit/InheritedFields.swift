/// What the folders above a file give to a document, as far as an edit is concerned.
struct InheritedFields {
    private let chain: DefaultsChain
    /// A document of the kind alone, over what it is given.
    private let given: Node

    init(of target: EditTarget, above path: String, _ defaults: FolderDefaults) {
        guard case .resource(let kind, _) = target else {
            chain = DefaultsChain()
            given = Node(content: .mapping([]), extent: .start)
            return
        }
        chain = defaults.chain(for: path)
        let own = Node.Entry(
            key: "kind", keyExtent: .start,
            value: Node(content: .scalar(Scalar(text: kind.rawValue, isPlain: true)), extent: .start))
        given = Node(content: .mapping(chain.complete([own])), extent: .start)
    }

    /// The change to make in the document so that the field becomes what is meant; refused where the folder's file should be edited.
    func change(
        _ change: FieldEdit.Change, at steps: [PointerStep], of document: Node, in path: String,
        _ inheritance: DocumentEdit.Inheritance
    ) throws(EditRefusal) -> FieldEdit.Change {
        guard let given = given.value(at: steps[...]), given.extent.source > 0 else { return change }
        let isOwn = document.value(at: steps[...]) != nil
        switch (change, inheritance) {
        case (.set, .refuse) where isOwn: return change
        case (_, .refuse): throw refusal(given, document, path, steps)
        case (.set(let value), .override): return .set(value.clearing(given))
        case (.remove, .override): return .set(.null)
        }
    }

    /// Refuses where the folder's fields are joined to what was set.
    func check(
        _ change: FieldEdit.Change, at steps: [PointerStep], in document: Node, _ path: String
    ) throws(EditRefusal) {
        guard case .set(let value) = change, value != .null, let given = given.value(at: steps[...]), given.extent.source > 0 else { return }
        let whole = Node(content: .mapping(chain.complete(document.entries)), extent: document.extent)
        guard whole.value(at: steps[...])?.says(value) != true else { return }
        throw refusal(given, document, path, steps)
    }

    private func refusal(_ given: Node, _ document: Node, _ path: String, _ steps: [PointerStep]) -> EditRefusal {
        let other = Place(path: chain.paths[Int(given.extent.source) - 1], position: given.extent.position)
        return EditRefusal(
            .suppliedElsewhere, at: Place(path: path, position: document.extent.position),
            "`\(steps.last?.name ?? "")` is given by `\(other.path)`, for all resources of the kind below its folder", related: other)
    }
}

extension EditValue {
    /// With `null` for every field that a folder gives and this does not have, so that it alone counts.
    fileprivate func clearing(_ given: Node) -> EditValue {
        guard case .map(let members) = self, case .mapping(let entries) = given.content else { return self }
        let values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
        let own = members.map { member in
            Member(member.name, values[member.name].map { member.value.clearing($0) } ?? member.value)
        }
        let names = Set(members.map(\.name))
        return .map(own + entries.filter { !names.contains($0.key) }.map { Member($0.key, .null) })
    }
}
