/// What is known of a field without a document: the source of reference pages and schemas.
package struct FieldDeclaration: Sendable {
    package enum Presence: Sendable { case required, optional, unenforced }

    package var name: String
    package var shape: ShapeDescription
    package var about: String
    package var presence: Presence
    /// The default as it would be written.
    package var initial: String?
}

/// What may stand in a field.
package indirect enum ShapeDescription: Sendable {
    /// Text of a grammar, with an example of it.
    case text(String, example: String?)
    case integer
    case boolean
    case oneOf([String])
    case list(ShapeDescription)
    /// A list whose order means nothing.
    case set(ShapeDescription)
    case map(key: String, ShapeDescription)
    case fields([FieldDeclaration])

    var example: String? {
        if case .text(_, let example) = self { example } else { nil }
    }

    /// As a reference page names it.
    package var summary: String {
        switch self {
        case .text(let name, let example): example.map { "\(name), `\($0)`" } ?? name
        case .integer: "integer"
        case .boolean: "`true` or `false`"
        case .oneOf(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let item): "list of: \(item.summary)"
        case .set(let item): "set of: \(item.summary)"
        case .map(let key, let value): "mapping of \(key) to: \(value.summary)"
        case .fields(let fields): "{ " + fields.map(\.name).joined(separator: ", ") + " }"
        }
    }
}
