extension NanoUSD: Amount {
    /// Units of the raw value in one US dollar.
    package static let perUSD: Int64 = 1_000_000_000

    package static let noun = "an amount of money"
    package static let example = "0.05 USD"
    static let pattern: String? = "\(AmountPattern.decimal(fraction: 9)) *USD *"

    package static func parse(_ text: String) throws(AmountProblem) -> NanoUSD {
        var scanner = AmountScanner(text)
        let amount = try scanner.decimal(scale: perUSD, finest: "a billionth of a USD")
        try scanner.currency()
        scanner.skipSpaces()
        try scanner.end()
        return NanoUSD(amount)
    }

    /// `250 USD`, `0.05 USD`.
    package var text: String { AmountText.decimal(rawValue, scale: NanoUSD.perUSD) + " USD" }
}

extension PicoUSDPerMillion: Amount {
    /// Units of the raw value in one US dollar for a million units.
    package static let perUSD: Int64 = 1_000_000_000_000

    package static let noun = "a price"
    package static let example = "0.15 USD/M"
    static let pattern: String? = [("/M", 12), ("/k", 15), ("", 18)]
        .map { per, digits in "\(AmountPattern.decimal(fraction: digits)) *USD *\(per) *" }.joined(separator: "|")

    /// `0.15 USD/M` for a million units, `0.01 USD` for one.
    package static func parse(_ text: String) throws(AmountProblem) -> PicoUSDPerMillion {
        var scanner = AmountScanner(text)
        let number = try scanner.number()
        try scanner.currency()
        scanner.skipSpaces()
        var perMillion: Int64 = 1_000_000
        if scanner.take("/") {
            switch scanner.word() {
            case "M": perMillion = 1
            case "k": perMillion = 1000
            case let word:
                throw AmountProblem(
                    "`/\(word)` is not understood", hint: "prices are for a million units, `/M`, or for one")
            }
        }
        scanner.skipSpaces()
        try scanner.end()
        let (scale, overflow) = perUSD.multipliedReportingOverflow(by: perMillion)
        if overflow { throw ScaledNumber.tooLarge }
        return PicoUSDPerMillion(try number.times(scale, finest: "a trillionth of a USD"))
    }

    package var text: String { AmountText.decimal(rawValue, scale: PicoUSDPerMillion.perUSD) + " USD/M" }
}

extension AmountScanner {
    fileprivate mutating func currency() throws(AmountProblem) {
        skipSpaces()
        let word = word()
        if word != "USD" {
            throw AmountProblem(
                word.isEmpty ? "the currency is missing" : "`\(word)` is not a known currency",
                hint: "amounts of money are in USD")
        }
    }
}
