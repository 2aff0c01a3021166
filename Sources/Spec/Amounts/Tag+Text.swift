extension Tag: Amount {
    package static let noun = "a tag"
    package static let example = "team=search"
    static let pattern: String? = "[A-Za-z0-9_-]{1,63}=[^=]+"

    package static func parse(_ text: String) throws(AmountProblem) -> Tag {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, Names.isIdentifier(String(parts[0])), !parts[1].isEmpty else {
            throw AmountProblem("a name and a value around `=` are expected")
        }
        return Tag(name: String(parts[0]), value: String(parts[1]))
    }

    package var text: String { "\(name)=\(value)" }
}
