/// A count of tokens: `128k` is 128,000.
struct Size: Amount {
    static let noun = "a number of tokens"
    static let example = "128k"

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

    var hundredths: Int

    static func parse(_ text: String) throws(AmountProblem) -> Percent {
        var scanner = AmountScanner(text)
        let value = try scanner.decimal(scale: 100, finest: "a hundredth of a percent")
        scanner.skipSpaces()
        guard scanner.take("%") else { throw AmountProblem("the sign `%` is missing") }
        try scanner.end()
        guard let hundredths = Int(exactly: value) else { throw AmountScanner.tooLarge }
        return Percent(hundredths: hundredths)
    }

    var text: String { AmountText.decimal(Int64(hundredths), scale: 100) + "%" }
}
