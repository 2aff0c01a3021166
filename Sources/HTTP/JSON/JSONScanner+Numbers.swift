extension JSONScanner {
    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?` (RFC 8259 §6).
    ///
    /// What no double holds is refused: one reader takes it for infinity, another for its own greatest number or a mistake
    /// (RFC 8259 §6).
    mutating func scanNumber() throws(JSONError) {
        let start = position
        if base[position] == JSONByte.minus { position += 1 }
        let digits = position
        try scanDigits()
        var magnitude = position - digits
        if magnitude > 1 && base[digits] == JSONByte.zero { throw JSONError(.invalidNumber, at: digits + 1) }
        if position < end && base[position] == UInt8(ascii: ".") {
            position += 1
            try scanDigits()
        }
        if position < end && base[position] | 0x20 == UInt8(ascii: "e") { magnitude += try scanExponent() }
        if magnitude > Self.magnitudeSafe { try checkDouble(start) }
    }

    /// A number of so many digits before its point, its exponent counted, is within every double.
    private static let magnitudeSafe = 308
    /// More digits than this are not worth the reading, and no writer of numbers makes them.
    private static let largeNumberBytesMax = 1024

    /// Reads an exponent, held to what fits.
    private mutating func scanExponent() throws(JSONError) -> Int {
        position += 1
        let isNegative = position < end && base[position] == JSONByte.minus
        if isNegative || position < end && base[position] == UInt8(ascii: "+") { position += 1 }
        let digits = position
        try scanDigits()
        var value = 0
        for index in digits..<position where value < Int(Int32.max) { value = value * 10 + Int(base[index] &- JSONByte.zero) }
        return isNegative ? -value : value
    }

    private func checkDouble(_ start: Int) throws(JSONError) {
        let text = UnsafeBufferPointer(start: base + start, count: position - start)
        guard text.count <= Self.largeNumberBytesMax, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            throw JSONError(.numberTooLarge, at: start)
        }
    }

    private mutating func scanDigits() throws(JSONError) {
        let start = position
        while position < end && JSONByte.isDigit(base[position]) { position += 1 }
        if position == start { throw JSONError(.invalidNumber, at: position) }
    }
}
