/// A word of an expression.
struct ExpressionToken: Hashable {
    enum Sort: Hashable {
        case name(String)
        case text(String)
        case number(String)
        /// One of `== != <= >= < > ( ) [ ] { } , : .`
        case sign(String)
        case end
    }

    var sort: Sort
    var range: Range<Int>
}

/// Cuts an expression into words, from left to right.
struct ExpressionScanner {
    private let scalars: ArraySlice<Unicode.Scalar>
    private var index: Int

    init(_ scalars: ArraySlice<Unicode.Scalar>) {
        self.scalars = scalars
        index = scalars.startIndex
    }

    private var current: Unicode.Scalar? { index < scalars.endIndex ? scalars[index] : nil }
    private var following: Unicode.Scalar? { index + 1 < scalars.endIndex ? scalars[index + 1] : nil }

    mutating func next() throws(ExpressionProblem) -> ExpressionToken {
        while let current, " \n\r\t".unicodeScalars.contains(current) { index += 1 }
        let start = index
        guard let first = current else { return ExpressionToken(sort: .end, range: start..<start) }
        let sort: ExpressionToken.Sort
        if Self.isNameStart(first) {
            sort = .name(take { Self.isNameStart($0) || Self.isDigit($0) || $0 == "-" })
        } else if Self.isDigit(first) || first == "-" && following.map(Self.isDigit) == true {
            sort = .number(number())
        } else if first == "'" || first == "\"" {
            sort = .text(try text(closedBy: first))
        } else {
            sort = .sign(try sign(first))
        }
        return ExpressionToken(sort: sort, range: start..<index)
    }

    private mutating func take(while holds: (Unicode.Scalar) -> Bool) -> String {
        let start = index
        while let current, holds(current) { index += 1 }
        return String(String.UnicodeScalarView(scalars[start..<index]))
    }

    private mutating func number() -> String {
        var digits = ""
        if current == "-" {
            digits = "-"
            index += 1
        }
        digits += take(while: Self.isDigit)
        if current == ".", following.map(Self.isDigit) == true {
            index += 1
            digits += "." + take(while: Self.isDigit)
        }
        return digits
    }

    /// A quote in it is written twice.
    private mutating func text(closedBy quote: Unicode.Scalar) throws(ExpressionProblem) -> String {
        let start = index
        var text = String.UnicodeScalarView()
        index += 1
        while let scalar = current {
            index += 1
            if scalar == quote {
                guard current == quote else { return String(text) }
                index += 1
            }
            text.append(scalar)
        }
        throw ExpressionProblem(
            .expressionInvalid, start..<index, "the text has no end", hint: "close it with `\(quote)`")
    }

    private mutating func sign(_ first: Unicode.Scalar) throws(ExpressionProblem) -> String {
        let start = index
        index += 1
        if let second = current, second == "=", "=!<>".unicodeScalars.contains(first) {
            index += 1
            return String(first) + "="
        }
        if "<>()[]{},:.".unicodeScalars.contains(first) { return String(first) }
        let hint: String? =
            switch first {
            case "=": "write `==`"
            case "!": "write `not`"
            case "&": "write `and`"
            case "|": "write `or`"
            case "+", "*", "/", "-": "there is no arithmetic; let a model or a service compute"
            default: nil
            }
        throw ExpressionProblem(.expressionInvalid, start..<index, "`\(first)` means nothing here", hint: hint)
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
