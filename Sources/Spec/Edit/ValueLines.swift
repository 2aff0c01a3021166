/// Writes values as lines of YAML, in the style of the document that they are for.
///
/// The first line of an entry or item comes without its indentation, since something may stand before it on its line.
struct ValueLines {
    let style: EditStyle

    /// `name: value` with its key at a column, and the lines below it.
    func entry(_ name: String, _ value: EditValue, at column: Int) -> [String] {
        let key = ScalarText.key(name, isInBrackets: false) + ":"
        if let literal = LiteralText(value, linesMin: 2) {
            return ["\(key) |\(literal.chomping)"] + literal.indented(by: column + style.mappingIndent)
        }
        guard needsLines(value, behind: column + key.utf8.count) else { return [key + " " + inline(value, isInBrackets: false)] }
        return [key] + block(value, below: column)
    }

    /// `- value` with its dash at a column, and the lines below it.
    func item(_ value: EditValue, at column: Int) -> [String] {
        if let literal = LiteralText(value, linesMin: 2) {
            return ["- |\(literal.chomping)"] + literal.indented(by: column + 2)
        }
        guard needsLines(value, behind: column) else { return ["- " + inline(value, isInBrackets: false)] }
        var lines = block(value, at: column + 2)
        lines[0] = "- " + lines[0].drop { $0 == " " }
        return lines
    }

    /// The lines of a mapping or list below the key at a column, indented.
    func block(_ value: EditValue, below column: Int) -> [String] {
        if case .list = value { block(value, at: column + style.listIndent) } else { block(value, at: column + style.mappingIndent) }
    }

    /// The same with its keys or dashes at a column.
    func block(_ value: EditValue, at column: Int) -> [String] {
        switch value {
        case .map(let members): members.flatMap { indented(entry($0.name, $0.value, at: column), column) }
        case .list(let items): items.flatMap { indented(item($0, at: column), column) }
        default: indented([inline(value, isInBrackets: false)], column)
        }
    }

    /// Whether it is written below what it belongs to: mappings, lists of other things than scalars, and long ones.
    func needsLines(_ value: EditValue, behind column: Int) -> Bool {
        switch value {
        case .map(let members): !members.isEmpty
        case .list(let items):
            !items.isEmpty
                && (items.contains(where: \.isFilled) || column + inline(value, isInBrackets: false).utf8.count > YAMLText.columnsMax)
        default: false
        }
    }

    /// On one line.
    func inline(_ value: EditValue, isInBrackets: Bool) -> String {
        switch value {
        case .list(let items): "[" + items.map { inline($0, isInBrackets: true) }.joined(separator: ", ") + "]"
        case .map(let members) where members.isEmpty: "{}"
        case .map(let members):
            "{" + style.bracePadding + members.map(inline).joined(separator: ", ") + style.bracePadding + "}"
        default: ScalarText.inline(value, like: .plain, isInBrackets: isInBrackets)
        }
    }

    /// `name: value` in brackets.
    func inline(_ member: EditValue.Member) -> String {
        ScalarText.key(member.name, isInBrackets: true) + ": " + inline(member.value, isInBrackets: true)
    }

    private func indented(_ lines: [String], _ column: Int) -> [String] {
        [String(repeating: " ", count: column) + lines[0]] + lines.dropFirst()
    }
}

extension EditValue {
    /// Whether it is a mapping or list with something in it.
    var isFilled: Bool {
        switch self {
        case .list(let items): !items.isEmpty
        case .map(let members): !members.isEmpty
        default: false
        }
    }

    var isCollection: Bool {
        switch self {
        case .list, .map: true
        default: false
        }
    }
}
