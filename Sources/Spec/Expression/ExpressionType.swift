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
        var left = Self.partsMax
        return fits(wanted, &left)
    }

    /// Parts of two types that are compared; beyond them anything fits. A step may speak twice of one before it, so that
    /// a type is twice as large with every step.
    private static let partsMax = 1000

    private func fits(_ wanted: ExpressionType, _ left: inout Int) -> Bool {
        left -= 1
        guard left > 0 else { return true }
        switch (self, wanted) {
        case (.any, _), (_, .any), (.null, .null), (.text, .text), (.number, .number), (.boolean, .boolean): return true
        case (.list(let own), .list(let other)): return own.fits(other, &left)
        case (.object(let own?), .object(let other?)):
            for (name, type) in other {
                guard left > 0 else { return true }
                guard let inner = own[name], inner.fits(type, &left) else { return false }
            }
            return true
        case (.object, .object): return true
        default: return false
        }
    }

    /// Whether they are the same; false for what is too large to tell.
    private func equals(_ other: ExpressionType, _ left: inout Int) -> Bool {
        left -= 1
        guard left > 0 else { return false }
        switch (self, other) {
        case (.list(let own), .list(let item)): return own.equals(item, &left)
        case (.object(let own?), .object(let members?)):
            guard own.count == members.count else { return false }
            for (name, type) in members {
                guard let inner = own[name], inner.equals(type, &left) else { return false }
            }
            return true
        case (.object(nil), .object(nil)), (.any, .any), (.null, .null), (.text, .text), (.number, .number), (.boolean, .boolean):
            return true
        default: return false
        }
    }

    /// What both have in common.
    func joined(with other: ExpressionType) -> ExpressionType {
        var left = Self.partsMax
        if equals(other, &left) { return self }
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
