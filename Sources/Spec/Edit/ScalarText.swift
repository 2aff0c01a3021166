/// Writes scalars as YAML that reads as what they are.
enum ScalarText {
    /// On one line, in the style of what it takes the place of where that can say it.
    static func inline(_ value: EditValue, like style: SyntaxNode.Style, isInBrackets: Bool) -> String {
        switch value {
        case .text(let text):
            let mayBePlain = CoreSchema.type(of: text) == .string && !YAMLText.isYAML11Word(text)
            return self.text(text, like: style, mayBePlain: mayBePlain, isInBrackets)
        case .written(let text): return self.text(text, like: style, mayBePlain: true, isInBrackets)
        case .integer(let number): return String(number)
        case .boolean(let flag): return String(flag)
        case .null, .list, .map: return "null"
        }
    }

    static func key(_ name: String, isInBrackets: Bool) -> String {
        let mayBePlain = CoreSchema.type(of: name) == .string && !YAMLText.isYAML11Word(name) && name != "<<"
        return text(name, like: .plain, mayBePlain: mayBePlain, isInBrackets)
    }

    private static func text(
        _ text: String, like style: SyntaxNode.Style, mayBePlain: Bool, _ isInBrackets: Bool
    ) -> String {
        switch style {
        case .doubleQuoted: return YAMLText.quoted(text)
        case .singleQuoted where text.unicodeScalars.allSatisfy(\.isPrintable): return singleQuoted(text)
        case .singleQuoted: return YAMLText.quoted(text)
        default: return mayBePlain && isPlain(text, isInBrackets) ? text : YAMLText.quoted(text)
        }
    }

    private static func singleQuoted(_ text: String) -> String {
        "'" + text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
    }

    // MARK: Plain

    /// YAML 1.2.2, section 7.3.3, a little narrower: what readers disagree on is quoted.
    private static func isPlain(_ text: String, _ isInBrackets: Bool) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.first, let last = scalars.last, first != " ", last != " ", last != ":" else { return false }
        guard scalars.allSatisfy(\.isPrintable), first.properties.generalCategory != .spaceSeparator else { return false }
        guard !text.hasPrefix("---"), !text.hasPrefix("...") else { return false }
        if ",[]{}#&*!|>'\"%@`".unicodeScalars.contains(first) { return false }
        if "-?:".unicodeScalars.contains(first) {
            guard scalars.count > 1, scalars[1].properties.isAlphabetic || scalars[1].properties.numericType != nil else { return false }
        }
        let isEnded = zip(scalars, scalars.dropFirst()).contains { pair in
            pair.0 == ":" && pair.1 == " " || pair.0 == " " && pair.1 == "#"
        }
        return !isEnded && !(isInBrackets && endsInBrackets(scalars))
    }

    private static func endsInBrackets(_ scalars: [Unicode.Scalar]) -> Bool {
        scalars.first == ":" || scalars.contains { ",[]{}?".unicodeScalars.contains($0) }
            || zip(scalars, scalars.dropFirst()).contains { $0 == ":" && !$1.properties.isAlphabetic && $1 != "/" && $1.properties.numericType == nil }
    }
}
