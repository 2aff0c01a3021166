/// Reads one expression; takes time linear in its length and a bounded stack.
struct ExpressionParser {
    /// Brackets and `not` within each other; more is no question of a person.
    private static let depthMax = 32
    /// Values in one expression: what signs join is walked as deep as there are values, and more is no question of a person.
    private static let valuesMax = 500

    private var scanner: ExpressionScanner
    private var token: ExpressionToken
    private var depth = 0
    private var values = 0

    /// The whole of a text, or of the part of one; ranges count from the text's beginning.
    static func parse(_ scalars: ArraySlice<Unicode.Scalar>) throws(ExpressionProblem) -> PlacedExpression {
        var parser = try ExpressionParser(scalars)
        if case .end = parser.token.sort {
            throw ExpressionProblem(.expressionInvalid, scalars.startIndex..<scalars.endIndex, "the expression is empty")
        }
        let expression = try parser.either()
        guard case .end = parser.token.sort else { throw parser.unexpected("the end") }
        return expression
    }

    private init(_ scalars: ArraySlice<Unicode.Scalar>) throws(ExpressionProblem) {
        scanner = ExpressionScanner(scalars)
        token = try scanner.next()
    }

    // MARK: Levels, the weakest first

    private mutating func either() throws(ExpressionProblem) -> PlacedExpression {
        var left = try both()
        while try take(word: "or") {
            let right = try both()
            left = PlacedExpression(expression: .either(left, right), range: left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private mutating func both() throws(ExpressionProblem) -> PlacedExpression {
        var left = try negation()
        while try take(word: "and") {
            let right = try negation()
            left = PlacedExpression(expression: .both(left, right), range: left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private mutating func negation() throws(ExpressionProblem) -> PlacedExpression {
        let start = token.range.lowerBound
        guard try take(word: "not") else { return try comparison() }
        try enter()
        let inner = try negation()
        depth -= 1
        return PlacedExpression(expression: .not(inner), range: start..<inner.range.upperBound)
    }

    private mutating func comparison() throws(ExpressionProblem) -> PlacedExpression {
        let left = try value()
        guard let comparison = comparisonSign else { return left }
        try advance()
        let right = try value()
        if comparisonSign != nil {
            throw ExpressionProblem(
                .expressionInvalid, token.range, "comparisons do not follow each other", hint: "join them with `and`")
        }
        return PlacedExpression(
            expression: .compare(comparison, left, right), range: left.range.lowerBound..<right.range.upperBound)
    }

    private var comparisonSign: Expression.Comparison? {
        switch token.sort {
        case .sign(let sign): Expression.Comparison(rawValue: sign)
        case .name("contains"): .contains
        default: nil
        }
    }

    // MARK: Values

    private mutating func value() throws(ExpressionProblem) -> PlacedExpression {
        try enter()
        defer { depth -= 1 }
        values += 1
        guard values <= Self.valuesMax else {
            throw ExpressionProblem(
                .expressionInvalid, token.range, "the expression has more than \(Self.valuesMax) values",
                hint: "make a step of a part of it")
        }
        let start = token.range.lowerBound
        let expression = try plain()
        return PlacedExpression(expression: expression, range: start..<lastEnd)
    }

    /// Where the word before the current one ended.
    private var lastEnd = 0

    private mutating func plain() throws(ExpressionProblem) -> Expression {
        let first = token
        switch first.sort {
        case .text(let text):
            try advance()
            return .text(text)
        case .number(let number):
            try advance()
            return .number(number)
        case .name(let name):
            try advance()
            return try named(name, first.range)
        case .sign("("):
            try advance()
            let inner = try either()
            try expect(")")
            return inner.expression
        case .sign("["):
            try advance()
            return .list(try items(closedBy: "]"))
        case .sign("{"):
            try advance()
            return .object(try members())
        case .sign, .end: throw unexpected("a value")
        }
    }

    private mutating func named(_ name: String, _ range: Range<Int>) throws(ExpressionProblem) -> Expression {
        switch name {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null
        case "and", "or", "not", "contains":
            throw ExpressionProblem(.expressionInvalid, range, "a value is expected, not `\(name)`")
        default: break
        }
        let root = Expression.Name(text: name, range: range)
        if case .sign("(") = token.sort {
            try advance()
            return .call(root, try items(closedBy: ")"))
        }
        var names = [root]
        while let more = try segment() { names.append(more) }
        return .path(names)
    }

    /// `.name`, `[0]` or `['name']`.
    private mutating func segment() throws(ExpressionProblem) -> Expression.Name? {
        if case .sign(".") = token.sort {
            try advance()
            guard case .name(let text) = token.sort else { throw unexpected("a name after `.`") }
            let name = Expression.Name(text: text, range: token.range)
            try advance()
            return name
        }
        guard case .sign("[") = token.sort else { return nil }
        try advance()
        let name: Expression.Name
        switch token.sort {
        case .number(let number) where number.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }:
            name = Expression.Name(text: number, range: token.range, isIndex: true)
        case .text(let text): name = Expression.Name(text: text, range: token.range)
        default: throw unexpected("a number or a name in quotes")
        }
        try advance()
        try expect("]")
        return name
    }

    private mutating func items(closedBy sign: String) throws(ExpressionProblem) -> [PlacedExpression] {
        var items: [PlacedExpression] = []
        while token.sort != .sign(sign) {
            items.append(try either())
            if token.sort != .sign(sign) { try expect(",") }
        }
        try advance()
        return items
    }

    private mutating func members() throws(ExpressionProblem) -> [Expression.Member] {
        var members: [Expression.Member] = []
        while token.sort != .sign("}") {
            let name: Expression.Name
            switch token.sort {
            case .name(let text), .text(let text): name = Expression.Name(text: text, range: token.range)
            default: throw unexpected("the name of a member")
            }
            if members.contains(where: { $0.name.text == name.text }) {
                throw ExpressionProblem(.expressionInvalid, name.range, "`\(name.text)` is given twice")
            }
            try advance()
            try expect(":")
            members.append(Expression.Member(name: name, value: try either()))
            if token.sort != .sign("}") { try expect(",") }
        }
        try advance()
        return members
    }

    // MARK: Words

    private mutating func advance() throws(ExpressionProblem) {
        lastEnd = token.range.upperBound
        token = try scanner.next()
    }

    private mutating func take(word: String) throws(ExpressionProblem) -> Bool {
        guard token.sort == .name(word) else { return false }
        try advance()
        return true
    }

    private mutating func expect(_ sign: String) throws(ExpressionProblem) {
        guard token.sort == .sign(sign) else { throw unexpected("`\(sign)`") }
        try advance()
    }

    private mutating func enter() throws(ExpressionProblem) {
        depth += 1
        guard depth <= Self.depthMax else {
            throw ExpressionProblem(
                .expressionInvalid, token.range, "the expression is nested more than \(Self.depthMax) deep",
                hint: "make a step of a part of it")
        }
    }

    private func unexpected(_ wanted: String) -> ExpressionProblem {
        switch token.sort {
        case .end:
            ExpressionProblem(
                .expressionInvalid, token.range.lowerBound..<token.range.lowerBound + 1,
                "\(wanted) is expected, and the expression ends")
        case .name(let word), .number(let word), .sign(let word):
            ExpressionProblem(.expressionInvalid, token.range, "\(wanted) is expected, not `\(word)`")
        case .text: ExpressionProblem(.expressionInvalid, token.range, "\(wanted) is expected, not a text")
        }
    }
}
