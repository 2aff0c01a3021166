/// Writes numbers into bytes without a `String` between: a request writes some forty of them.
package enum DecimalText {
    /// With zeros before it up to `width` digits, at most 20.
    package static func append(_ value: Int64, width: Int = 1, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        // From the lowest digit up, since dividing by a constant is a multiplication.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var rest = value.magnitude
        var start = digits.count
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0 || digits.count - start < width
        for index in start..<digits.count { bytes.append(digits[index]) }
    }
}
