/// Finds the splices that make one change of one document.
struct EditPlan {
    let file: EditableFile
    let root: SyntaxNode
    private(set) var splices: [Splice] = []
    /// Whether the same change has more to do in the text that the splices make.
    var isUnfinished = false
    /// Aliases by the value that they repeat.
    private var aliases: [Position: Position] = [:]

    var text: EditText { file.text }

    /// `change` at the end of `steps`, of the file's document of that number.
    init(_ change: FieldEdit.Change, at steps: [PointerStep], of index: Int, in file: EditableFile) throws(EditRefusal) {
        self.file = file
        let document = file.documents[index]
        guard let root = file.layouts[index].root else {
            throw EditRefusal(.layoutUnsupported, at: file.place(of: document), "the document has no value")
        }
        self.root = root
        gatherAliases(in: document)
        let spot = EditSpot(node: document, syntax: root, holder: .document, isInBrackets: false)
        try follow(steps[...], change, spot)
    }

    private mutating func gatherAliases(in node: Node) {
        if let alias = node.alias {
            aliases[alias.anchored.position] = alias.extent.position
            return
        }
        for entry in node.entries { gatherAliases(in: entry.value) }
        for item in node.items { gatherAliases(in: item) }
    }

    mutating func add(_ splice: Splice) { splices.append(splice) }

    func style(at node: SyntaxNode) -> ValueLines { ValueLines(style: EditStyle(of: [node, root], in: text)) }

    func refusal(_ reason: EditRefusal.Reason, at spot: EditSpot, _ message: String, related: Place? = nil) -> EditRefusal {
        EditRefusal(reason, at: file.place(of: spot.node), message, related: related)
    }

    // MARK: The way to the field

    private mutating func follow(
        _ steps: ArraySlice<PointerStep>, _ change: FieldEdit.Change, _ spot: EditSpot
    ) throws(EditRefusal) {
        guard let step = steps.first else {
            if case .set(let value) = change { try set(value, at: spot) }
            return
        }
        try checkOwn(spot)
        switch spot.node.content {
        case .mapping(let entries):
            let index = entries.firstIndex { $0.key == step.name }
            try follow(steps, change, spot, index, { $0.entry($1) }, { plan, value throws(EditRefusal) in
                try plan.insert([EditValue.Member(step.name, value)], into: spot)
            })
        case .sequence(let items):
            let elements = EditElements(of: spot.syntax, in: text)
            let item = step.item(of: items)
            if case .missing = item { throw missing(step, spot) }
            let index: Int? = if case .at(let index) = item { index } else { nil }
            try follow(steps, change, spot, index, { $0.item($1, elements) }, { plan, value throws(EditRefusal) in
                try plan.insert([value], behind: elements.count - 1, of: spot)
            })
        case .scalar(let scalar) where scalar.type == .null: try fill(spot, steps, change)
        case .scalar, .broken:
            throw refusal(.pointerInvalid, at: spot, "`\(step.name)` is looked for in \(spot.node.noun), which has no fields")
        }
    }

    /// On into the element at `index`, or with a new one where there is none.
    private mutating func follow(
        _ steps: ArraySlice<PointerStep>, _ change: FieldEdit.Change, _ spot: EditSpot, _ index: Int?,
        _ inner: (EditSpot, Int) -> EditSpot, _ insert: (inout EditPlan, EditValue) throws(EditRefusal) -> Void
    ) throws(EditRefusal) {
        switch (index, change) {
        case (let index?, .remove) where steps.count == 1: try remove([index], from: spot)
        case (let index?, _): try follow(steps.dropFirst(), change, inner(spot, index))
        case (nil, .remove): throw missing(steps[steps.startIndex], spot)
        case (nil, .set(let value)): try insert(&self, value.wrapped(in: steps.dropFirst()))
        }
    }

    /// In place of nothing, where the pointer leads on.
    private mutating func fill(
        _ spot: EditSpot, _ steps: ArraySlice<PointerStep>, _ change: FieldEdit.Change
    ) throws(EditRefusal) {
        guard case .set(let value) = change else { throw missing(steps[steps.startIndex], spot) }
        try set(value.wrapped(in: steps), at: spot)
    }

    private func missing(_ step: PointerStep, _ spot: EditSpot) -> EditRefusal {
        refusal(.fieldMissing, at: spot, "there is no `\(step.name)` here")
    }

    // MARK: Aliases

    /// Refuses what stands elsewhere, and what stands elsewhere too.
    func checkOwn(_ spot: EditSpot) throws(EditRefusal) {
        if let alias = spot.node.alias {
            throw refusal(
                .valueFromAlias, at: spot, "the value is repeated by the alias *\(alias.name), and stands where its anchor is",
                related: Place(path: file.path, position: alias.anchored.position))
        }
        guard let alias = aliases[spot.node.extent.position] else { return }
        throw refusal(
            .valueRepeated, at: spot, "the value has an anchor, and an alias repeats it elsewhere",
            related: Place(path: file.path, position: alias))
    }

    /// The same of everything in it, when it is to go.
    func checkWhole(_ node: Node) throws(EditRefusal) {
        if aliases.isEmpty { return }
        if let alias = aliases[node.extent.position], node.alias == nil {
            throw EditRefusal(
                .valueRepeated, at: file.place(of: node), "the value has an anchor, and an alias repeats it elsewhere",
                related: Place(path: file.path, position: alias))
        }
        if node.alias != nil { return }
        for entry in node.entries { try checkWhole(entry.value) }
        for item in node.items { try checkWhole(item) }
    }
}

extension EditValue {
    /// The value at the end of steps that lead through nothing yet.
    func wrapped(in steps: ArraySlice<PointerStep>) -> EditValue {
        steps.reversed().reduce(self) { value, step in
            step.beginsList ? .list([value]) : .map([Member(step.name, value)])
        }
    }
}
