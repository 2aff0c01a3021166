/// Another sort of value in place of one that is there.
extension EditPlan {
    /// In brackets or on one line where the old one is, else in lines below what it hangs on.
    mutating func rewrite(_ value: EditValue, at spot: EditSpot) throws(EditRefusal) {
        try checkWhole(spot.node)
        let node = spot.syntax
        if case .document = spot.holder, node.style == .block {
            throw refusal(.layoutUnsupported, at: spot, "a document is not replaced as a whole")
        }
        let lines = style(at: node)
        if !spot.isInBrackets, node.style != .flow, node.propertiesEnd == nil, lines.needsLines(value, behind: text.column(of: node.start)) {
            return try rewriteInLines(value, at: spot, lines)
        }
        let inline = value.isCollection
            ? lines.inline(value, isInBrackets: spot.isInBrackets)
            : ScalarText.inline(value, like: .plain, isInBrackets: spot.isInBrackets)
        guard node.style == .block, text.beginsLine(node.start) else { return write(inline, at: spot) }
        add(Splice(at: try indicatorEnd(of: spot), " " + inline))
        add(Splice(wholeLines(node.start..<node.end)))
    }

    private mutating func rewriteInLines(_ value: EditValue, at spot: EditSpot, _ lines: ValueLines) throws(EditRefusal) {
        let node = spot.syntax
        switch spot.holder {
        case .document: return
        case .entry(let entry):
            let end = try indicatorEnd(of: spot)
            let block = lines.block(value, below: text.column(of: entry.start))
            if node.style == .block || text.hasBreak(in: end..<node.start) {
                add(Splice(at: text.lineStart(of: node.start), joined(block + [""])))
                add(Splice(wholeLines(node.start..<node.end)))
            } else {
                add(Splice(end..<node.end))
                try insertLines(block, behind: node.end)
            }
        case .item:
            let column = text.column(of: node.start) + (node.isNothing ? 1 : 0)
            var block = lines.block(value, at: column)
            block[0] = String(block[0].drop { $0 == " " })
            if node.isNothing { block[0] = " " + block[0] }
            add(Splice(node.start..<node.end, joined(block)))
        }
    }

    private func indicatorEnd(of spot: EditSpot) throws(EditRefusal) -> Int {
        var isExplicit = false
        if case .entry(let entry) = spot.holder { isExplicit = entry.isExplicit }
        guard !isExplicit, let end = spot.indicatorEnd else {
            throw refusal(.layoutUnsupported, at: spot, "a value of a key behind `? ` is not replaced by one of another sort")
        }
        return end
    }

    /// The lines that a range touches, with their breaks.
    func wholeLines(_ range: Range<Int>) -> Range<Int> {
        text.lineStart(of: range.lowerBound)..<(text.nextLine(of: range.upperBound) ?? text.bytes.count)
    }

    /// Lines of their own below the one with that place.
    mutating func insertLines(_ lines: [String], behind offset: Int) throws(EditRefusal) {
        if let next = text.nextLine(of: offset) { return add(Splice(at: next, joined(lines + [""]))) }
        let last = root.lastScalar
        if last.isBlockText, last.end == text.bytes.count, text[last.start + 1] != UInt8(ascii: "-") {
            throw EditRefusal(
                .layoutUnsupported, at: file.place(of: last.start),
                "the file ends in this text without a line break, and a line behind it would add one to the text")
        }
        add(Splice(at: text.bytes.count, joined([""] + lines)))
    }
}
