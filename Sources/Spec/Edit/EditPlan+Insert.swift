/// New entries and items.
extension EditPlan {
    /// Behind the last entry of a mapping.
    mutating func insert(_ members: [EditValue.Member], into spot: EditSpot) throws(EditRefusal) {
        let elements = EditElements(of: spot.syntax, in: text)
        let lines = style(at: spot.syntax)
        if elements.isFlow {
            return try insertInBrackets(members.map { lines.inline($0) }, behind: elements.count - 1, of: elements, spot)
        }
        let column = text.column(of: elements.starts[0])
        let block = members.flatMap { lines.block(.map([$0]), at: column) }
        try insertLines(block, behind: elements.ends[elements.count - 1])
    }

    /// Behind the item of that number; -1 is before the first.
    mutating func insert(_ values: [EditValue], behind index: Int, of spot: EditSpot) throws(EditRefusal) {
        let elements = EditElements(of: spot.syntax, in: text)
        let lines = style(at: spot.syntax)
        if elements.isFlow {
            return try insertInBrackets(
                values.map { lines.inline($0, isInBrackets: true) }, behind: index, of: elements, spot)
        }
        let column = text.column(of: elements.starts[0])
        let isInBrackets = spot.syntax.items.allSatisfy { $0.style == .flow }
        let block = values.flatMap { value in
            isInBrackets
                ? [String(repeating: " ", count: column) + "- " + lines.inline(value, isInBrackets: false)]
                : lines.block(.list([value]), at: column)
        }
        if index >= 0 { return try insertLines(block, behind: elements.ends[index]) }
        let pad = String(repeating: " ", count: column)
        add(Splice(at: elements.starts[0], String(joined(block + [pad]).dropFirst(column))))
    }

    // MARK: In brackets

    private mutating func insertInBrackets(
        _ texts: [String], behind index: Int, of elements: EditElements, _ spot: EditSpot
    ) throws(EditRefusal) {
        let node = spot.syntax
        guard node.style == .flow else {
            throw refusal(.layoutUnsupported, at: spot, "a mapping without braces in a list takes no second key")
        }
        if elements.count == 0 { return insertFirst(texts, of: spot) }
        if index < 0 { return insertBefore(texts, elements.starts[0]) }
        let end = elements.ends[index]
        guard text.beginsLine(elements.starts[index]) else {
            return add(Splice(at: end, texts.map { ", " + $0 }.joined()))
        }
        let next = text.skipTrivia(from: end)
        let hasComma = text[next] == UInt8(ascii: ",")
        guard !hasComma || !text.hasBreak(in: end..<next) else {
            return add(Splice(at: end, texts.map { ", " + $0 }.joined()))
        }
        insertOnLines(texts, end, commaEnd: hasComma ? next + 1 : nil, pad: padding(of: elements.starts[index]))
    }

    /// Into empty brackets.
    private mutating func insertFirst(_ texts: [String], of spot: EditSpot) {
        let inside = spot.syntax.start + 1
        let isMapping = text[spot.syntax.start] == UInt8(ascii: "{")
        let padding = isMapping ? style(at: spot.syntax).style.bracePadding : ""
        let isClosed = text[inside] == UInt8(ascii: "}")
        add(Splice(at: inside, padding + texts.joined(separator: ", ") + (isClosed ? padding : "")))
    }

    private mutating func insertBefore(_ texts: [String], _ start: Int) {
        let between = text.beginsLine(start) ? "," + joined(["", padding(of: start)]) : ", "
        add(Splice(at: start, texts.map { $0 + between }.joined()))
    }

    /// One on a line, as the one before.
    private mutating func insertOnLines(_ texts: [String], _ end: Int, commaEnd: Int?, pad: String) {
        let lineEnd = text.lineEnd(of: end)
        let endsLine = text.skipTrivia(from: commaEnd ?? end) >= lineEnd
        switch (commaEnd, endsLine) {
        case (.some, true): add(Splice(at: lineEnd, joined([""] + texts.map { pad + $0 + "," })))
        case (.some, false): add(Splice(at: end, texts.map { ", " + $0 }.joined()))
        case (nil, true):
            add(Splice(at: end, ","))
            add(Splice(at: lineEnd, texts.map { joined(["", pad + $0]) }.joined(separator: ",")))
        case (nil, false): add(Splice(at: end, "," + texts.map { joined(["", pad + $0]) }.joined(separator: ",")))
        }
    }

    private func padding(of start: Int) -> String {
        String(decoding: text.bytes[text.lineStart(of: start)..<start], as: UTF8.self)
    }
}
