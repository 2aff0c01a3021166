extension Limit: Amount {
    package static let noun = "a limit"
    package static let example = "600 requests/min"
    static let pattern: String? =
        "\(AmountPattern.decimal(fraction: 0)) *(?:(?:requests?|tokens?) */ *\(Window.pattern)|concurrent)"
        + "(?: *| +per +model)"

    /// `600 requests/min`, `2M tokens/day per model`, `20 concurrent`.
    package static func parse(_ text: String) throws(AmountProblem) -> Limit {
        var scanner = AmountScanner(text)
        let amount = try scanner.decimal(scale: 1, finest: nil)
        scanner.skipSpaces()
        let quantity = try quantity(scanner.word())
        let window = try window(of: quantity, &scanner)
        let perModel = try perModel(&scanner)
        try scanner.end()
        return Limit(quantity: quantity, amount: amount, window: window, perModel: perModel)
    }

    private static func quantity(_ word: String) throws(AmountProblem) -> Quantity {
        switch word {
        case "request", "requests": return .requests
        case "token", "tokens": return .tokens
        case "concurrent": return .concurrent
        case "": throw AmountProblem("it does not say of what", hint: "one of: `requests`, `tokens`, `concurrent`")
        default:
            throw AmountProblem(
                "`\(word)` cannot be limited",
                hint: word == "USD"
                    ? "money is limited by a budget"
                    : AmountScanner.hint(forFactor: word)
                        ?? Suggestion.hint(for: word, among: ["requests", "tokens", "concurrent"]))
        }
    }

    private static func window(of quantity: Quantity, _ scanner: inout AmountScanner) throws(AmountProblem) -> Window? {
        scanner.skipSpaces()
        guard quantity != .concurrent else { return nil }
        guard scanner.take("/") else {
            throw AmountProblem(
                "the window is missing",
                hint: "add one, such as `/min`; the words are \(Window.words.joined(separator: ", "))")
        }
        scanner.skipSpaces()
        return try scanner.window()
    }

    private static func perModel(_ scanner: inout AmountScanner) throws(AmountProblem) -> Bool {
        scanner.skipSpaces()
        guard !scanner.isAtEnd else { return false }
        let start = scanner.rest
        let first = scanner.word()
        scanner.skipSpaces()
        guard first == "per", scanner.word() == "model" else {
            throw AmountProblem("`\(start)` is not understood", hint: "only `per model` may follow")
        }
        return true
    }

    package var text: String {
        let amount = AmountText.whole(amount) + " " + quantity.rawValue
        return amount + (window.map { "/" + $0.text } ?? "") + (perModel ? " per model" : "")
    }
}
