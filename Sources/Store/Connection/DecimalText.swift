/// Writes numbers into bytes without a `String` between: the ledger writes a score of them for every request.
enum DecimalText {
    /// With zeros before it up to `width` digits.
    static func append(_ value: Int64, width: Int = 1, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        // From the highest digit down: what is appended need not be turned round.
        var unit: UInt64 = 1
        var digits = 1
        while digits < width || rest / unit >= 10 {
            unit *= 10
            digits += 1
        }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
            unit /= 10
        }
    }
}
