extension Workflow {
    /// The declared type of a value: `string`, `number`, `boolean`, `object`, `array` or `array of string`.
    package indirect enum FieldType: Hashable, Sendable {
        case string, number, boolean, object, array
        case arrayOf(FieldType)
    }
}

extension Workflow.FieldType: Amount {
    static let noun = "a type"
    static let example = "array of string"
    static let pattern: String? = "(?:array of ){0,\(depthMax)}(?:string|number|boolean|object|array)"

    private static let plain: [(name: String, type: Workflow.FieldType)] = [
        ("string", .string), ("number", .number), ("boolean", .boolean), ("object", .object), ("array", .array),
    ]
    /// `array of` within each other.
    private static let depthMax = 4

    static func parse(_ text: String) throws(AmountProblem) -> Workflow.FieldType {
        var rest = text[...]
        var depth = 0
        while rest.hasPrefix("array of ") {
            rest = rest.dropFirst("array of ".count)
            depth += 1
        }
        guard depth <= depthMax, let found = plain.first(where: { $0.name == rest }) else {
            throw AmountProblem(
                "it is not known", hint: Suggestion.hint(for: String(rest), among: plain.map(\.name)))
        }
        return (0..<depth).reduce(found.type) { type, _ in .arrayOf(type) }
    }

    package var text: String {
        switch self {
        case .arrayOf(let item): "array of " + item.text
        default: Self.plain.first { $0.type == self }?.name ?? "object"
        }
    }
}
