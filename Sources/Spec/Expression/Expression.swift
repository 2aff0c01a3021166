/// A pure question over the inputs and steps of a run: `steps.check.output.score > 0.5 and not inputs.urgent`.
indirect enum Expression: Hashable, Sendable {
    case text(String)
    /// A decimal number as it is written.
    case number(String)
    case boolean(Bool)
    case null
    /// `inputs.ticket.subject`: at least one name.
    case path([Name])
    case list([PlacedExpression])
    case object([Member])
    case call(Name, [PlacedExpression])
    case not(PlacedExpression)
    case both(PlacedExpression, PlacedExpression)
    case either(PlacedExpression, PlacedExpression)
    case compare(Comparison, PlacedExpression, PlacedExpression)

    enum Comparison: String, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case more = ">"
        case moreOrEqual = ">="
        /// A text holds a text, or a list an item.
        case contains

        var isOrder: Bool {
            switch self {
            case .less, .lessOrEqual, .more, .moreOrEqual: true
            default: false
            }
        }
    }

    struct Name: Hashable, Sendable {
        var text: String
        var range: Range<Int>
        /// Whether it is `[0]`.
        var isIndex = false
    }

    struct Member: Hashable, Sendable {
        var name: Name
        var value: PlacedExpression
    }
}

/// An expression and where it stands, in Unicode scalars of the text around it.
struct PlacedExpression: Hashable, Sendable {
    var expression: Expression
    var range: Range<Int>
}

/// What is wrong with an expression or a template, and where in its text.
struct ExpressionProblem: Error, Hashable {
    var code: DiagnosticCode
    /// In Unicode scalars of the text.
    var range: Range<Int>
    var message: String
    var hint: String?

    init(_ code: DiagnosticCode, _ range: Range<Int>, _ message: String, hint: String? = nil) {
        self.code = code
        self.range = range
        self.message = message
        self.hint = hint
    }
}
