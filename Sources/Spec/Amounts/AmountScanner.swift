/// Reads an amount's text from left to right: numbers, words, and the signs between them.
struct AmountScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The rest, for messages.
    var rest: String { String(decoding: bytes[index...], as: UTF8.self) }
    var isAtEnd: Bool { index == bytes.count }

    var isAtDigit: Bool { index < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) }

    /// Passes over the rest, which was read otherwise.
    mutating func skipAll() { index = bytes.count }

    mutating func skipSpaces() {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// ASCII letters, possibly none.
    mutating func word() -> String {
        let start = index
        while index < bytes.count, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[index] | 0x20) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// A decimal number times `scale`, which must come out whole: `0.15` by 100 is 15.
    ///
    /// `finest` is what a unit of the outcome is called; nil where only whole numbers make sense.
    mutating func decimal(scale: Int64, finest: String?) throws(AmountProblem) -> Int64 {
        var value = try whole()
        var denominator: Int128 = 1
        if take(".") {
            let start = index
            let fraction = try digits()
            for _ in start..<index {
                denominator = try AmountScanner.product(denominator, 10)
                value = try AmountScanner.product(value, 10)
            }
            value = try AmountScanner.sum(value, fraction)
        }
        let factor = try suffix()
        let scaled = try AmountScanner.product(AmountScanner.product(value, factor), Int128(scale))
        guard scaled % denominator == 0 else {
            throw finest.map { AmountProblem("it is finer than \($0)", hint: "round it to \($0)") }
                ?? AmountProblem("it is not a whole number")
        }
        guard let result = Int64(exactly: scaled / denominator) else { throw AmountScanner.tooLarge }
        return result
    }

    /// Passes over a decimal number whose scale is said by what follows it.
    mutating func skipDecimal() throws(AmountProblem) {
        _ = try whole()
        if take(".") { _ = try digits() }
        _ = try suffix()
    }

    /// `k`, `M` or `G` directly after a number.
    private mutating func suffix() throws(AmountProblem) -> Int128 {
        let start = index
        switch word() {
        case "k": return 1000
        case "M": return 1_000_000
        case "G": return 1_000_000_000
        default:
            index = start
            return 1
        }
    }

    /// Digits without zeros before them, which some readers take for octal.
    private mutating func whole() throws(AmountProblem) -> Int128 {
        let start = index
        let value = try digits()
        if bytes[start] == UInt8(ascii: "0"), index - start > 1 {
            throw AmountProblem("the number begins with 0", hint: "leave out the zeros before it")
        }
        return value
    }

    private mutating func digits() throws(AmountProblem) -> Int128 {
        let start = index
        var value: Int128 = 0
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            value = try AmountScanner.sum(
                AmountScanner.product(value, 10), Int128(bytes[index] - UInt8(ascii: "0")))
            index += 1
        }
        if index == start {
            throw AmountProblem(isAtEnd ? "a number is missing" : "a number is expected at `\(rest)`")
        }
        return value
    }

    /// Throws unless everything was read.
    func end() throws(AmountProblem) {
        if !isAtEnd { throw AmountProblem("`\(rest)` is not understood") }
    }

    // MARK: Exact arithmetic

    static let tooLarge = AmountProblem("the number is too large")

    private static func product(_ a: Int128, _ b: Int128) throws(AmountProblem) -> Int128 {
        let (value, overflow) = a.multipliedReportingOverflow(by: b)
        if overflow { throw tooLarge }
        return value
    }

    private static func sum(_ a: Int128, _ b: Int128) throws(AmountProblem) -> Int128 {
        let (value, overflow) = a.addingReportingOverflow(b)
        if overflow { throw tooLarge }
        return value
    }
}

/// How exact integers are written back.
enum AmountText {
    /// With the largest suffix that leaves a whole number: 600, `50k`, `2M`.
    static func whole(_ value: Int64) -> String {
        for (unit, suffix) in [(1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")] as [(Int64, String)]
        where value != 0 && value % unit == 0 {
            return "\(value / unit)\(suffix)"
        }
        return String(value)
    }

    /// `value / scale` as a decimal without trailing zeros; `scale` is a power of ten.
    static func decimal(_ value: Int64, scale: Int64) -> String {
        let digits = String(scale).utf8.count - 1
        let fraction = String(value % scale).leftPadded(to: digits)
        let kept = fraction.utf8.reversed().drop { $0 == UInt8(ascii: "0") }.reversed()
        let whole = String(value / scale)
        return kept.isEmpty ? whole : whole + "." + String(decoding: Array(kept), as: UTF8.self)
    }
}
