extension Allowance: Amount {
    package static let noun = "an allowance"
    package static let example = "250 USD/month"
    static let pattern: String? =
        "(?:\(AmountPattern.decimal(fraction: 9)) *USD|\(AmountPattern.decimal(fraction: 0)) *(?:tokens?|requests?))"
        + "(?: */ *(?:\(Window.pattern)|\(Duration.lengthPattern) +rolling)| +total) *"

    /// `250 USD/month`, `2M tokens/day`, `50 USD total`, `20 USD/30d rolling`.
    package static func parse(_ text: String) throws(AmountProblem) -> Allowance {
        let amount = try amount(text)
        var scanner = amount.rest
        scanner.skipSpaces()
        let span: Span
        if scanner.take("/") {
            scanner.skipSpaces()
            span = try self.span(&scanner)
        } else if scanner.word() == "total" {
            span = .calendar(.total)
        } else {
            throw AmountProblem("the window is missing", hint: "add one, such as `/month`, or `total`")
        }
        scanner.skipSpaces()
        try scanner.end()
        return Allowance(amount: amount.value, span: span)
    }

    /// A window of the calendar, or a length of time that rolls.
    private static func span(_ scanner: inout AmountScanner) throws(AmountProblem) -> Span {
        guard scanner.isAtDigit else {
            if scanner.rest.hasPrefix("total") {
                throw AmountProblem("`total` is no window", hint: "write it without `/`, such as `50 USD total`")
            }
            return .calendar(try scanner.window())
        }
        let parts = scanner.rest.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count > 1, parts.last == "rolling" else {
            throw AmountProblem(
                "a window of that length is none of the calendar's",
                hint: "add `rolling`, such as `/30d rolling`, or use \(Window.words.joined(separator: ", "))")
        }
        let length = try Duration.parse(parts.dropLast().joined(separator: " "))
        guard length >= .seconds(60), length <= rollingMax, length.wholeMilliseconds.isMultiple(of: 60_000) else {
            throw AmountProblem("a rolling window is of whole minutes, at least one and at most 366 days")
        }
        scanner.skipAll()
        return .rolling(length)
    }

    private static let rollingMax = Duration.seconds(366 * 86_400)

    /// The number is scaled by what it counts, which stands after it.
    private static func amount(_ text: String) throws(AmountProblem) -> (value: Amount, rest: AmountScanner) {
        var scanner = AmountScanner(text)
        let number = try scanner.number()
        scanner.skipSpaces()
        let unit = scanner.word()
        switch unit {
        case "USD":
            return (.money(NanoUSD(try number.times(NanoUSD.perUSD, finest: "a billionth of a USD"))), scanner)
        case "token", "tokens": return (.tokens(try number.times(1, finest: nil)), scanner)
        case "request", "requests": return (.requests(try number.times(1, finest: nil)), scanner)
        default:
            throw AmountProblem(
                unit.isEmpty ? "it does not say of what" : "`\(unit)` cannot be budgeted",
                hint: AmountScanner.hint(forFactor: unit)
                    ?? Suggestion.hint(for: unit, among: ["USD", "tokens", "requests"]))
        }
    }

    package var text: String {
        let amount =
            switch amount {
            case .money(let money): money.text
            case .tokens(let count): AmountText.whole(count) + " tokens"
            case .requests(let count): AmountText.whole(count) + " requests"
            }
        return switch span {
        case .calendar(.total): amount + " total"
        case .calendar(let window): amount + "/" + window.text
        case .rolling(let length): amount + "/" + length.text + " rolling"
        }
    }
}
