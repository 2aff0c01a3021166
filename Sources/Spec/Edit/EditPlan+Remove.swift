/// Entries and items that go.
extension EditPlan {
    /// Those of these numbers, which ascend.
    mutating func remove(_ indexes: [Int], from spot: EditSpot) throws(EditRefusal) {
        let elements = EditElements(of: spot.syntax, in: text)
        for index in indexes { try checkWhole(spot.node.items.isEmpty ? spot.node.entries[index].value : spot.node.items[index]) }
        if spot.syntax.style == .pair || indexes.contains(where: elements.isExplicit) {
            throw refusal(.layoutUnsupported, at: spot, "a key without braces in a list, or behind `? `, is not removed")
        }
        let isEmptied = indexes.count == elements.count
        if isEmptied, !elements.isFlow || !text.hasComment(in: spot.syntax.start..<elements.starts[0]) {
            return try rewrite(spot.node.items.isEmpty ? .map([]) : .list([]), at: spot)
        }
        if elements.isFlow { cutInBrackets(Set(indexes), elements) } else { cutLines(indexes, elements) }
    }

    // MARK: In lines

    private mutating func cutLines(_ indexes: [Int], _ elements: EditElements) {
        var rest = indexes[...]
        if !text.beginsLine(elements.starts[0]) {
            let count = zip(indexes, 0...).prefix { $0 == $1 }.count
            cutFirst(count, elements)
            rest = rest.dropFirst(count)
        }
        for index in rest { add(Splice(wholeLines(elements.starts[index]..<elements.ends[index]))) }
    }

    /// The first elements, where the first of them shares its line with a dash: what comes next takes their place.
    private mutating func cutFirst(_ count: Int, _ elements: EditElements) {
        guard count > 0 else { return }
        let end = elements.ends[count - 1]
        let next = elements.starts[count]
        let ownLines = (text.nextLine(of: end) ?? next)..<next
        if text.hasComment(in: min(ownLines.lowerBound, next)..<next) {
            add(Splice(text.trimmed(before: elements.starts[0])..<text.lineEnd(of: end)))
        } else {
            add(Splice(elements.starts[0]..<next))
        }
    }

    // MARK: In brackets

    private mutating func cutInBrackets(_ gone: Set<Int>, _ elements: EditElements) {
        let kept = (0..<elements.count).first { !gone.contains($0) } ?? elements.count
        for index in gone.sorted() { add(Splice(cut(index, hasBefore: kept < index, elements))) }
    }

    /// The bytes of an element with the comma that is needed no more.
    private func cut(_ index: Int, hasBefore: Bool, _ elements: EditElements) -> Range<Int> {
        let (start, end) = (elements.starts[index], elements.ends[index])
        let next = text.skipTrivia(from: end)
        let commaEnd = text[next] == UInt8(ascii: ",") ? next + 1 : nil
        let behind = commaEnd.map { text.hasBreak(in: end..<$0) ? end : $0 } ?? end
        if text.beginsLine(start), text.skipTrivia(from: behind) >= text.lineEnd(of: behind) {
            return wholeLines(start..<behind)
        }
        if hasBefore {
            let between = elements.ends[index - 1]..<start
            let isLast = index == elements.count - 1
            if !text.hasBreak(in: between) || isLast && !text.hasComment(in: between) { return between.lowerBound..<end }
        }
        guard let commaEnd, !text.hasComment(in: end..<commaEnd) else { return start..<end }
        let blanks = text.bytes[commaEnd...].prefix(while: EditText.isBlank)
        return start..<blanks.endIndex
    }
}
