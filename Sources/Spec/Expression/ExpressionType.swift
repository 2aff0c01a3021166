/// What an expression is known to give.
indirect enum ExpressionType: Hashable, Sendable {
    /// Nothing is known.
    case any
    case null
    case text
    case number
    case boolean
    case list(ExpressionType)
    /// With its members; nil when they are not declared.
    case object([String: ExpressionType]?)

    /// For messages.
    var noun: String {
        switch self {
        case .any: "a value"
        case .null: "nothing"
        case .text: "text"
        case .number: "a number"
        case .boolean: "true or false"
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// Whether a value of this type may stand where the other is wanted.
    func fits(_ wanted: ExpressionType) -> Bool {
        switch (self, wanted) {
        case (.any, _), (_, .any), (.null, .null), (.text, .text), (.number, .number), (.boolean, .boolean): true
        case (.list(let own), .list(let other)): own.fits(other)
        case (.object(let own?), .object(let other?)):
            other.allSatisfy { name, type in own[name].map { $0.fits(type) } ?? false }
        case (.object, .object): true
        default: false
        }
    }

    /// What both have in common.
    func joined(with other: ExpressionType) -> ExpressionType {
        if self == other { return self }
        if self == .null { return other }
        if other == .null { return self }
        return .any
    }
}

extension ExpressionType {
    init(_ type: Workflow.FieldType) {
        switch type {
        case .string: self = .text
        case .number: self = .number
        case .boolean: self = .boolean
        case .object: self = .object(nil)
        case .array: self = .list(.any)
        case .arrayOf(let item): self = .list(ExpressionType(item))
        }
    }
}
