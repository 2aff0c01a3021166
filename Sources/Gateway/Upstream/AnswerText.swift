internal import HTTP

/// How much of a provider's answer its model wrote.
enum AnswerText {
    /// Bytes of a message, a delta or a part of one: of text, reasoning and the arguments of tools, as they stand.
    static func bytes(of value: JSONValue) -> Int {
        switch value.kind {
        case .string: value.range.count - 2
        case .array: value.array().map { $0.reduce(0) { $0 + bytes(of: $1) } } ?? 0
        case .object: value.object().map { $0.reduce(0) { $0 + (isFrame($1) ? 0 : bytes(of: $1.value)) } } ?? 0
        default: 0
        }
    }

    /// Of all choices of a whole answer; nil where it has none, whatever else it is.
    static func bytes(ofChoices choices: JSONValue?) -> Int? {
        guard let choices = choices?.array() else { return nil }
        var count = 0
        for choice in choices {
            guard let choice = choice.object() else { continue }
            for member in choice where member.isNamed("message") || member.isNamed("text") { count += bytes(of: member.value) }
        }
        return count
    }

    /// What is said of the text and is none, and media, whose bytes are many for each token.
    static func isFrame(_ member: JSONMember) -> Bool {
        member.isNamed("role") || member.isNamed("id") || member.isNamed("type") || member.isNamed("audio") || member.isNamed("images")
            || member.isNamed("annotations")
    }
}
