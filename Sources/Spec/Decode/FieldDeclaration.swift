/// What is known of a field without a document: the source of reference pages and schemas.
package struct FieldDeclaration: Sendable {
    package enum Presence: Sendable { case required, optional }

    package var name: String
    package var shape: ShapeDescription
    package var about: String
    package var presence: Presence
    package var effect: Effect
    /// The default as it would be written.
    package var initial: String?
    /// The fields beside it, itself included, exactly one of which must be given; empty where it stands alone.
    package var alternatives: [String] = []
    /// The fields that must be given where it is.
    package var needs: [String] = []
    /// Whether several of `alternatives` may be given, so that at least one must be.
    package var alternativesMayMix = false
    /// What hangs on the value of a field beside it.
    package var conditions: [FieldCondition] = []

    /// Whether a mapping without it, and without those it excludes, can be right.
    var mayBeMissing: Bool { presence == .optional && alternatives.isEmpty && !isNeededByDefault }

    /// Whether it must be given where the field that decides so is missing.
    var isNeededByDefault: Bool { conditions.contains { $0.sort == .needed && $0.orMissing } }
}

/// When a field must be given, or may be, by the value of one beside it.
package struct FieldCondition: Sendable, Equatable {
    package enum Sort: Sendable { case needed, only }

    package var sort: Sort
    package var field: String
    package var values: [String]
    /// Whether it holds too where the other is missing, which stands for one of the values.
    package var orMissing: Bool
}

/// What makes a declared field more than a remark.
package enum Effect: Hashable, Sendable {
    /// Kept by this symbol, `Type.member` or `Type.init`, of a target above this one.
    case enforced(by: String)
    /// For people and programs that read it; there is nothing to keep.
    case informs
    /// Its own fields say.
    case parts
    /// Accepted, not enforced by this version: `validate` warns wherever it is given.
    case notYet
}

/// What may stand in a field.
package indirect enum ShapeDescription: Sendable {
    /// Text of a grammar, with an example of it.
    ///
    /// `pattern` is an ECMA-262 regular expression for the whole text, without anchors, as far as one can tell; nil
    /// accepts all. A plain number, `true` or `false` is text too unless `isQuoted`.
    case text(String, example: String?, pattern: String? = nil, isQuoted: Bool = false)
    case integer(ClosedRange<Int>)
    case boolean
    /// `true`, for what is only said where it holds.
    case isTrue
    case oneOf([String])
    case list(ShapeDescription)
    /// A list whose order means nothing.
    case set(ShapeDescription)
    /// Names of the author's choosing; `pattern` is that of the names, as in `text`.
    case map(key: String, pattern: String? = nil, ShapeDescription)
    case fields([FieldDeclaration])
    /// One of several, told apart by whether it is text, a list or a mapping.
    case either([ShapeDescription])

    var example: String? {
        switch self {
        case .text(_, let example, _, _): example
        case .oneOf(let names) where names.count == 1: names[0]
        default: nil
        }
    }

    /// A text with another example of it.
    func like(_ example: String) -> ShapeDescription {
        guard case .text(let noun, _, let pattern, let isQuoted) = self else { return self }
        return .text(noun, example: example, pattern: pattern, isQuoted: isQuoted)
    }

    /// As a reference page names it.
    package var summary: String {
        switch self {
        case .text(let name, let example, _, _): example.map { "\(name), `\($0)`" } ?? name
        case .integer: "integer"
        case .boolean: "`true` or `false`"
        case .isTrue: "`true`"
        case .oneOf(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let item): "list of: \(item.summary)"
        case .set(let item): "set of: \(item.summary)"
        case .map(let key, _, let value): "mapping of \(key) to: \(value.summary)"
        case .either(let shapes): shapes.map(\.summary).joined(separator: ", or ")
        case .fields(let fields): "{ " + fields.map(\.name).joined(separator: ", ") + " }"
        }
    }
}
