/// The functions of the language: pure, total but for `number` and `fromJson`, and few.
enum ExpressionFunctions {
    struct Signature: Sendable {
        var name: String
        var parameters: [ExpressionType]
        var result: ExpressionType
        var about: String
    }

    static let all: [Signature] = [
        Signature(name: "length", parameters: [.any], result: .number, about: "how many characters, items or members"),
        Signature(name: "lower", parameters: [.text], result: .text, about: "in lower case"),
        Signature(name: "upper", parameters: [.text], result: .text, about: "in upper case"),
        Signature(name: "trim", parameters: [.text], result: .text, about: "without spaces at both ends"),
        Signature(
            name: "startsWith", parameters: [.text, .text], result: .boolean,
            about: "whether the first text begins with the second"),
        Signature(name: "split", parameters: [.text, .text], result: .list(.text), about: "the parts between a separator"),
        Signature(
            name: "join", parameters: [.list(.any), .text], result: .text, about: "the items with a separator between"),
        Signature(name: "first", parameters: [.list(.any)], result: .any, about: "the first item, or `null`"),
        Signature(name: "last", parameters: [.list(.any)], result: .any, about: "the last item, or `null`"),
        Signature(name: "string", parameters: [.any], result: .text, about: "as text"),
        Signature(name: "number", parameters: [.text], result: .number, about: "the number that the text writes"),
        Signature(name: "json", parameters: [.any], result: .text, about: "as JSON"),
        Signature(name: "fromJson", parameters: [.text], result: .any, about: "what the JSON text says"),
        Signature(
            name: "default", parameters: [.any, .any], result: .any,
            about: "the first, or the second where the first has no value, as of a step that did not run"),
    ]

    static func named(_ name: String) -> Signature? { all.first { $0.name == name } }
}
