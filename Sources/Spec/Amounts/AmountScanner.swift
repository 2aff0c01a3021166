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

    /// A decimal number, exact, with a `k`, `M` or `G` directly after it.
    mutating func number() throws(AmountProblem) -> ScaledNumber {
        var number = ScaledNumber(numerator: try whole())
        if take(".") {
            let start = index
            let fraction = try digits()
            for _ in start..<index {
                number.denominator = try ScaledNumber.product(number.denominator, 10)
                number.numerator = try ScaledNumber.product(number.numerator, 10)
            }
            number.numerator = try ScaledNumber.sum(number.numerator, fraction)
        }
        try refuseOtherNotations()
        number.numerator = try ScaledNumber.product(number.numerator, try suffix())
        return number
    }

    /// `1,000`, `1_000` and `1e3`.
    private func refuseOtherNotations() throws(AmountProblem) {
        guard index + 1 < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index + 1]) else { return }
        switch bytes[index] {
        case UInt8(ascii: ","), UInt8(ascii: "_"):
            throw AmountProblem("its digits are in groups", hint: "write them without signs between them; a fraction is after `.`")
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            throw AmountProblem("it has an exponent", hint: "write it out, or with `k`, `M` or `G`")
        default: return
        }
    }

    /// What to say of a word that was meant to multiply the number before it; nil for other words.
    static func hint(forFactor word: String) -> String? {
        guard ["k", "m", "g", "b", "t", "mio", "bn"].contains(word.lowercased()) else { return nil }
        return "`k`, `M` and `G` multiply, directly after the number, such as `2M`"
    }

    /// A number times `scale`, which must come out whole: `0.15` by 100 is 15.
    ///
    /// `finest` is what a unit of the outcome is called; nil where only whole numbers make sense.
    mutating func decimal(scale: Int64, finest: String?) throws(AmountProblem) -> Int64 {
        try number().times(scale, finest: finest)
    }

    /// A number and one of the units, to the end of the text, in what `finest` calls the smallest.
    mutating func measure(in units: UnitTable, finest: String) throws(AmountProblem) -> Int64 {
        let number = try number()
        skipSpaces()
        let word = word()
        skipSpaces()
        try end()
        guard let unit = units.units.first(where: { $0.names.contains(word) }) else {
            throw AmountProblem(
                word.isEmpty ? "the unit is missing" : "`\(word)` is not a unit of \(units.measured)", hint: units.hint)
        }
        return try number.times(unit.size, finest: finest)
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
            value = try ScaledNumber.sum(
                ScaledNumber.product(value, 10), Int128(bytes[index] - UInt8(ascii: "0")))
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
}

/// A number that was read whole, before it is known in what it counts.
struct ScaledNumber {
    fileprivate var numerator: Int128
    /// A power of ten.
    fileprivate var denominator: Int128 = 1

    static let tooLarge = AmountProblem("the number is too large")

    /// See `AmountScanner.decimal`.
    func times(_ scale: Int64, finest: String?) throws(AmountProblem) -> Int64 {
        let scaled = try Self.product(numerator, Int128(scale))
        guard scaled % denominator == 0 else {
            throw finest.map { AmountProblem("it is finer than \($0)", hint: "round it to \($0)") }
                ?? AmountProblem("it is not a whole number")
        }
        guard let result = Int64(exactly: scaled / denominator) else { throw Self.tooLarge }
        return result
    }

    fileprivate static func product(_ a: Int128, _ b: Int128) throws(AmountProblem) -> Int128 {
        let (value, overflow) = a.multipliedReportingOverflow(by: b)
        if overflow { throw tooLarge }
        return value
    }

    fileprivate static func sum(_ a: Int128, _ b: Int128) throws(AmountProblem) -> Int128 {
        let (value, overflow) = a.addingReportingOverflow(b)
        if overflow { throw tooLarge }
        return value
    }
}

/// The words for the units of one quantity, and how many of the smallest each is.
struct UnitTable: Sendable {
    /// What they measure: "time".
    let measured: String
    let hint: String
    let units: [(names: [String], size: Int64)]
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
