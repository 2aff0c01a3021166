/// A number of JSON (RFC 8259 §6) by its digits, exact to the last however many there are.
struct ExactNumber: Hashable, Sendable {
    let isNegative: Bool
    /// Values 0 to 9 without zeros on either side, so that equal numbers are the same; none at all for zero.
    private let digits: [UInt8]
    /// The power of ten that the last digit counts.
    private let exponent: Int

    /// Powers of ten beyond this are beyond every limit here, and must not overflow on the way.
    private static let exponentMax = 100_000

    /// Nil unless the text is a number as JSON writes them.
    init?(_ text: String) {
        var rest = Substring(text).utf8
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        let whole = ExactNumber.takeDigits(&rest)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = ExactNumber.takeDigits(&rest)
            guard !fraction.isEmpty else { return nil }
        }
        guard !whole.isEmpty, let power = ExactNumber.takeExponent(&rest), rest.isEmpty else { return nil }
        let significant = Array((whole + fraction).drop { $0 == 0 })
        let zeros = significant.reversed().prefix { $0 == 0 }.count
        digits = significant.dropLast(zeros)
        exponent = digits.isEmpty ? 0 : power - fraction.count + zeros
    }

    var isZero: Bool { digits.isEmpty }

    /// This times a power of ten as a whole number, half to even, and whether nothing was lost; nil where it does not fit.
    func scaled(byPowerOfTen power: Int) -> (value: Int64, isExact: Bool)? {
        let shift = exponent + power
        guard !isZero else { return (0, true) }
        guard shift < 0 else { return signed(digits + Array(repeating: 0, count: min(shift, 40))).map { ($0, true) } }
        let kept = digits.dropLast(-shift)
        // Where more is dropped than there is, the first digit dropped is a zero.
        let dropped = digits.count < -shift ? [0] + digits : Array(digits.suffix(-shift))
        guard let value = signed(Array(kept)) else { return nil }
        let isOdd = (kept.last ?? 0) % 2 == 1
        let roundsUp = ExactNumber.isOverHalf(dropped) || ExactNumber.isHalf(dropped) && isOdd
        guard roundsUp else { return (value, dropped.allSatisfy { $0 == 0 }) }
        let (rounded, overflow) = value.addingReportingOverflow(isNegative ? -1 : 1)
        return overflow ? nil : (rounded, false)
    }

    /// The number where it is whole: 4096 and `4096.0`.
    var whole: Int64? {
        guard let (value, isExact) = scaled(byPowerOfTen: 0), isExact else { return nil }
        return value
    }

    private func signed(_ digits: [UInt8]) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = tenfold.addingReportingOverflow(isNegative ? -Int64(digit) : Int64(digit))
            if overflow || carries { return nil }
            value = sum
        }
        return value
    }

    private static func isOverHalf(_ digits: [UInt8]) -> Bool {
        guard let first = digits.first else { return false }
        return first > 5 || first == 5 && digits.dropFirst().contains { $0 != 0 }
    }

    private static func isHalf(_ digits: [UInt8]) -> Bool {
        digits.first == 5 && digits.dropFirst().allSatisfy { $0 == 0 }
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> [UInt8] {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.map { $0 - UInt8(ascii: "0") }
    }

    /// 0 where there is none; nil where there is half of one.
    private static func takeExponent(_ rest: inout Substring.UTF8View) -> Int? {
        guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return 0 }
        rest.removeFirst()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let digits = takeDigits(&rest)
        guard !digits.isEmpty else { return nil }
        let power = digits.reduce(0) { min(exponentMax, $0 * 10 + Int($1)) }
        return isNegative ? -power : power
    }
}
