/// A text with expressions in it: `Summarize {{ inputs.ticket.subject }}`.
struct Template: Hashable, Sendable {
    /// Those between `{{` and `}}`, in order.
    private(set) var expressions: [PlacedExpression] = []
    private(set) var problems: [ExpressionProblem] = []
    /// Whether there is nothing but one expression, so that the value keeps its type.
    private(set) var isSingle = false

    /// Reads what it can; `{{{{` stands for two brackets that mean themselves.
    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        var index = 0
        var covered = 0
        while let start = Self.find("{", in: scalars, from: index) {
            if start + 3 < scalars.count, scalars[start + 2] == "{", scalars[start + 3] == "{" {
                index = start + 4
                continue
            }
            guard let close = Self.close(in: scalars, from: start + 2) else {
                problems.append(
                    ExpressionProblem(
                        .expressionInvalid, start..<start + 2, "`{{` has no end",
                        hint: "close it with `}}`, or write `{{{{` for two brackets"))
                return
            }
            read(scalars[start + 2..<close])
            covered += close + 2 - start
            index = close + 2
        }
        isSingle = expressions.count == 1 && problems.isEmpty && covered == scalars.count
    }

    private mutating func read(_ scalars: ArraySlice<Unicode.Scalar>) {
        do throws(ExpressionProblem) {
            expressions.append(try ExpressionParser.parse(scalars))
        } catch {
            problems.append(error)
        }
    }

    /// Two of the bracket beside each other.
    private static func find(_ bracket: Unicode.Scalar, in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start
        while index + 1 < scalars.count {
            if scalars[index] == bracket, scalars[index + 1] == bracket { return index }
            index += 1
        }
        return nil
    }

    /// The `}}` that ends an expression: outside of its quotes, and after the brackets of its objects.
    private static func close(in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start
        var quote: Unicode.Scalar?
        var objects = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if let start = quote {
                if scalar == start { quote = nil }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "{" {
                objects += 1
            } else if scalar == "}", objects > 0 {
                objects -= 1
            } else if scalar == "}", index + 1 < scalars.count, scalars[index + 1] == "}" {
                return index
            }
            index += 1
        }
        return nil
    }
}
