/// A count of tokens: `128k` is 128,000.
struct Size: Amount {
    static let noun = "a number of tokens"
    static let example = "128k"
    static let pattern: String? = AmountPattern.decimal(fraction: 0)

    var value: Int64

    static func parse(_ text: String) throws(AmountProblem) -> Size {
        var scanner = AmountScanner(text)
        let value = try scanner.decimal(scale: 1, finest: nil)
        try scanner.end()
        return Size(value: value)
    }

    var text: String { AmountText.whole(value) }
}

/// A share in hundredths of a percent: `80%` is 8000.
struct Percent: Amount {
    static let noun = "a percentage"
    static let example = "80%"
    static let pattern: String? = "\(AmountPattern.decimal(fraction: 2)) *%"

    /// Of those up to the whole; with a suffix it is left open.
    static let wholePattern =
        "(?:100(?:\\.0+)?|[1-9]?[0-9]\(AmountPattern.fraction(2))|\(AmountPattern.whole)(?:\\.[0-9]+)?[kMG]) *%"
    /// Of those above nothing.
    static let partPattern = "(?!0+(?:\\.0+)?[kMG]? *%)\(wholePattern)"

    var hundredths: Int

    static func parse(_ text: String) throws(AmountProblem) -> Percent {
        var scanner = AmountScanner(text)
        let value = try scanner.decimal(scale: 100, finest: "a hundredth of a percent")
        scanner.skipSpaces()
        guard scanner.take("%") else { throw AmountProblem("the sign `%` is missing") }
        try scanner.end()
        guard let hundredths = Int(exactly: value) else { throw ScaledNumber.tooLarge }
        return Percent(hundredths: hundredths)
    }

    var text: String { AmountText.decimal(Int64(hundredths), scale: 100) + "%" }
}

extension Quality: Amount {
    package static let noun = "a quality"
    package static let example = "85"
    static let pattern: String? = "(?:(?:0|[1-9][0-9]?)(?:(?:\\.[0-9]{1,2}0*)?%|(?:\\.0+)?)|100(?:\\.0+)?%?)"

    /// `85` or `87.5%`.
    package static func parse(_ text: String) throws(AmountProblem) -> Quality {
        var scanner = AmountScanner(text)
        let value = try scanner.decimal(scale: 100, finest: "a hundredth of a percent")
        let isPercentage = scanner.take("%")
        try scanner.end()
        guard isPercentage || value.isMultiple(of: 100) else {
            throw AmountProblem("a fraction is written with `%`", hint: "write it as a percentage, such as `87.5%`")
        }
        guard let hundredths = Int(exactly: value), hundredths <= 10_000 else {
            throw AmountProblem("it is more than 100")
        }
        return Quality(hundredths: hundredths)
    }

    package var text: String { Percent(hundredths: hundredths).text }
}
