extension Allowance: Amount {
    package static let noun = "an allowance"
    package static let example = "250 USD/month"
    static let pattern: String? =
        "(?:\(AmountPattern.decimal(fraction: 9)) *USD|\(AmountPattern.decimal(fraction: 0)) *(?:tokens?|requests?))"
        + "(?: */ *\(Window.pattern)| +total) *"

    /// `250 USD/month`, `2M tokens/day`, `50 USD total`.
    package static func parse(_ text: String) throws(AmountProblem) -> Allowance {
        let amount = try amount(text)
        var scanner = amount.rest
        scanner.skipSpaces()
        let window: Window
        if scanner.take("/") {
            scanner.skipSpaces()
            window = try scanner.window()
        } else if scanner.word() == "total" {
            window = .total
        } else {
            throw AmountProblem("the window is missing", hint: "add one, such as `/month`, or `total`")
        }
        scanner.skipSpaces()
        try scanner.end()
        return Allowance(amount: amount.value, window: window)
    }

    /// The number is scaled by what it counts, which stands after it: so the text is read once for each.
    private static func amount(_ text: String) throws(AmountProblem) -> (value: Amount, rest: AmountScanner) {
        var scanner = AmountScanner(text)
        try scanner.skipDecimal()
        scanner.skipSpaces()
        let unit = scanner.word()
        var number = AmountScanner(text)
        switch unit {
        case "USD":
            return (.money(NanoUSD(try number.decimal(scale: NanoUSD.perUSD, finest: "a billionth of a USD"))), scanner)
        case "token", "tokens": return (.tokens(try number.decimal(scale: 1, finest: nil)), scanner)
        case "request", "requests": return (.requests(try number.decimal(scale: 1, finest: nil)), scanner)
        default:
            throw AmountProblem(
                unit.isEmpty ? "it does not say of what" : "`\(unit)` cannot be budgeted",
                hint: Suggestion.hint(for: unit, among: ["USD", "tokens", "requests"]))
        }
    }

    package var text: String {
        let amount =
            switch amount {
            case .money(let money): money.text
            case .tokens(let count): AmountText.whole(count) + " tokens"
            case .requests(let count): AmountText.whole(count) + " requests"
            }
        return window == .total ? amount + " total" : amount + "/" + window.text
    }
}
