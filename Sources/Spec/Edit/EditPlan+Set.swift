/// A value in place of one that is there.
extension EditPlan {
    mutating func set(_ value: EditValue, at spot: EditSpot) throws(EditRefusal) {
        if spot.node.says(value) { return }
        try checkOwn(spot)
        try checkTag(spot, value)
        switch (spot.node.content, value) {
        case (.mapping, .map(let members)) where spot.syntax.style != .pair: try set(members, at: spot)
        case (.sequence, .list(let values)): try set(values, at: spot)
        case (.scalar, _) where !value.isCollection: try setScalar(value, at: spot)
        default: try rewrite(value, at: spot)
        }
    }

    private func checkTag(_ spot: EditSpot, _ value: EditValue) throws(EditRefusal) {
        guard spot.syntax.hasTag else { return }
        let isAllowed =
            switch (spot.node.content, value) {
            case (.mapping, .map), (.sequence, .list): true
            case (.scalar(let scalar), .text), (.scalar(let scalar), .written): scalar.type == .string
            case (.scalar(let scalar), .integer): scalar.type == .integer
            case (.scalar(let scalar), .boolean): scalar.type == .boolean
            default: false
            }
        guard !isAllowed else { return }
        throw refusal(.valueTagged, at: spot, "the value has a tag that says it is \(spot.node.noun)")
    }

    // MARK: Scalars

    private mutating func setScalar(_ value: EditValue, at spot: EditSpot) throws(EditRefusal) {
        if spot.syntax.isBlockText { return try setBlockText(value, at: spot) }
        write(ScalarText.inline(value, like: spot.syntax.style, isInBrackets: spot.isInBrackets), at: spot)
    }

    /// In place of a value on its line, or behind what it hangs on where there is nothing yet.
    mutating func write(_ text: String, at spot: EditSpot) {
        guard spot.syntax.isNothing else { return add(Splice(spot.syntax.start..<spot.syntax.end, text)) }
        if case .entry(let entry) = spot.holder, entry.colonEnd == nil, spot.syntax.propertiesEnd == nil {
            add(Splice(at: spot.syntax.start, ": " + text))
        } else {
            add(Splice(at: spot.syntax.propertiesEnd ?? spot.syntax.start, " " + text))
        }
    }

    private mutating func setBlockText(_ value: EditValue, at spot: EditSpot) throws(EditRefusal) {
        let node = spot.syntax
        let headerEnd = text.bytes[node.start...].firstIndex { EditText.isBlank($0) || EditText.isBreak($0) } ?? text.bytes.count
        let content = text.nextLine(of: node.start).flatMap { $0 < node.end ? $0..<node.end : nil }
        let isOneLine = content.map { !text.hasBreak(in: $0) } ?? false
        let literal = LiteralText(value, linesMin: 1)
        if node.style == .folded, !isOneLine || literal?.lines.count != 1 {
            throw refusal(.textFolded, at: spot, "the text is folded over several lines, and would have to be wrapped anew")
        }
        let hasIndentDigit = text.bytes[node.start..<headerEnd].contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
        guard let literal, let content, !hasIndentDigit else {
            return add(Splice(node.start..<node.end, ScalarText.inline(value, like: .plain, isInBrackets: false)))
        }
        let filled = text.bytes[content].firstIndex { !EditText.isBlank($0) && !EditText.isBreak($0) } ?? content.lowerBound
        let lines = literal.indented(by: max(1, text.column(of: filled)))
        add(Splice(node.start + 1..<headerEnd, literal.chomping))
        // At the end of a text without a last break, the block's own break would be missing.
        let isBreakMissing = literal.chomping.isEmpty && node.end == text.bytes.count
        add(Splice(content, joined(lines + (isBreakMissing ? [""] : []))))
    }

    func joined(_ lines: [String]) -> String {
        lines.joined(separator: String(decoding: text.lineBreak, as: UTF8.self))
    }

    // MARK: Lists and mappings

    private mutating func set(_ members: [EditValue.Member], at spot: EditSpot) throws(EditRefusal) {
        let entries = spot.node.entries
        let values = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
        let gone = entries.indices.filter { values[entries[$0].key] == nil }
        if gone.count == entries.count { return try rewrite(.map(members), at: spot) }
        if !gone.isEmpty {
            isUnfinished = true
            return try remove(gone, from: spot)
        }
        let before = splices.count
        for (index, entry) in entries.enumerated() {
            if let value = values[entry.key] { try set(value, at: spot.entry(index)) }
        }
        let names = Set(entries.map(\.key))
        let more = members.filter { !names.contains($0.name) }
        if more.isEmpty { return }
        if splices.count > before { isUnfinished = true } else { try insert(more, into: spot) }
    }

    /// Items that say the same or have the same name stay; of the others between two that stay, the first take the places of the first.
    private mutating func set(_ values: [EditValue], at spot: EditSpot) throws(EditRefusal) {
        let elements = EditElements(of: spot.syntax, in: text)
        let steps = ListAlignment(of: spot.node.items, to: values)
        if steps.pairs.isEmpty { return try rewrite(.list(values), at: spot) }
        if !steps.removed.isEmpty {
            isUnfinished = true
            return try remove(steps.removed, from: spot)
        }
        let before = splices.count
        for (index, value) in steps.pairs { try set(values[value], at: spot.item(index, elements)) }
        if steps.inserted.isEmpty { return }
        if splices.count > before {
            isUnfinished = true
            return
        }
        for (index, run) in steps.inserted { try insert(run.map { values[$0] }, behind: index, of: spot) }
    }
}
