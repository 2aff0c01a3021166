/// Whether a document says after an edit what it said before, but for the one change.
enum EditProof {
    static func holds(
        from old: Node, to new: Node, _ change: FieldEdit.Change, at steps: ArraySlice<PointerStep>
    ) -> Bool {
        guard let step = steps.first else {
            if case .set(let value) = change { return new.says(value) }
            return false
        }
        switch (old.content, new.content) {
        case (.mapping(let before), .mapping(let after)):
            return holds(
                from: before, to: after, at: before.firstIndex { $0.key == step.name }, change, steps, \.value, isSame
            ) { $0.key == step.name }
        case (.sequence(let before), .sequence(let after)):
            let index: Int? = if case .at(let index) = step.item(of: before) { index } else { nil }
            return holds(from: before, to: after, at: index, change, steps, \.self, isSame) { _ in true }
        case (.scalar, _):
            if case .set(let value) = change { return new.says(value.wrapped(in: steps)) }
            return false
        default: return false
        }
    }

    /// Elements of a mapping or list, all but the one at `index` as before; without one, what is new is the last.
    private static func holds<Element>(
        from before: [Element], to after: [Element], at index: Int?, _ change: FieldEdit.Change,
        _ steps: ArraySlice<PointerStep>, _ value: (Element) -> Node, _ isSame: (Element, Element) -> Bool,
        isNamed: (Element) -> Bool
    ) -> Bool {
        let rest = steps.dropFirst()
        switch (index, change) {
        case (let index?, .remove) where rest.isEmpty:
            let kept = before.indices.filter { $0 != index }.map { before[$0] }
            return kept.count == after.count && zip(kept, after).allSatisfy(isSame)
        case (let index?, _):
            return before.count == after.count && isNamed(after[index])
                && before.indices.allSatisfy { $0 == index || isSame(before[$0], after[$0]) }
                && holds(from: value(before[index]), to: value(after[index]), change, at: rest)
        case (nil, .set(let new)):
            guard let last = after.last, after.count == before.count + 1, isNamed(last) else { return false }
            return zip(before, after).allSatisfy(isSame) && value(last).says(new.wrapped(in: rest))
        case (nil, .remove): return false
        }
    }

    /// Whether two documents say the same by the same means: fields in the same order, aliases of the same names.
    static func isSame(_ a: Node, _ b: Node) -> Bool {
        guard a.alias?.name == b.alias?.name else { return false }
        switch (a.content, b.content) {
        case (.scalar(let first), .scalar(let second)):
            return first.type == second.type && first.text.utf8.elementsEqual(second.text.utf8)
        case (.sequence(let first), .sequence(let second)):
            return first.count == second.count && zip(first, second).allSatisfy { isSame($0, $1) }
        case (.mapping(let first), .mapping(let second)):
            return first.count == second.count && zip(first, second).allSatisfy { isSame($0, $1) }
        case (.broken, .broken): return true
        default: return false
        }
    }

    private static func isSame(_ a: Node.Entry, _ b: Node.Entry) -> Bool {
        a.key.utf8.elementsEqual(b.key.utf8) && isSame(a.value, b.value)
    }
}
