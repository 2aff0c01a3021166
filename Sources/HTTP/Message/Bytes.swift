/// Byte classes and comparisons of the HTTP grammar (RFC 9110 §5.6, RFC 9112).
enum Bytes {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")

    // One bit for each ASCII character that a token may hold: "!#$%&'*+-.^_`|~", digits and letters.
    private static let tokenLow: UInt64 = 0x03ff_6cfa_0000_0000
    private static let tokenHigh: UInt64 = 0x57ff_ffff_c7ff_fffe

    static func isToken(_ byte: UInt8) -> Bool {
        if byte >= 0x80 { return false }
        let set = byte < 64 ? tokenLow : tokenHigh
        return set >> UInt64(byte & 63) & 1 == 1
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Whether a field value may hold the byte: everything but control characters other than tab.
    static func isFieldContent(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7f) || byte == tab }

    /// Whether a request target may hold the byte: visible ASCII without what none may hold raw, which is a fragment, a
    /// backslash, quotes and angle brackets.
    static func isTarget(_ byte: UInt8) -> Bool {
        guard byte > 0x20, byte < 0x7f else { return false }
        switch byte {
        case UInt8(ascii: "#"), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"): return false
        default: return true
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte - UInt8(ascii: "0") }
        let letter = byte | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f") ? letter - UInt8(ascii: "a") + 10 : nil
    }
}

extension UnsafeRawBufferPointer {
    /// The part of this buffer at `range`, counted from 0.
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    func slice(from start: Int) -> UnsafeRawBufferPointer { slice(start..<count) }

    /// Whether the bytes are exactly those of `text`.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
    }

    /// Whether the bytes are those of `text`, an ASCII text in lower case, with letters of either case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = UnsafeBufferPointer(start: text.utf8Start, count: count)
        for index in 0..<count where Bytes.lowercased(self[index]) != other[index] { return false }
        return true
    }

    /// Whether the bytes are those of `other`, with ASCII letters of either case.
    func equalsIgnoringCase(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where Bytes.lowercased(self[index]) != Bytes.lowercased(other[index]) { return false }
        return true
    }

    /// The buffer without spaces and tabs at its ends.
    var trimmed: UnsafeRawBufferPointer {
        var range = 0..<count
        while !range.isEmpty, self[range.lowerBound] == Bytes.space || self[range.lowerBound] == Bytes.tab {
            range = range.lowerBound + 1..<range.upperBound
        }
        while !range.isEmpty, self[range.upperBound - 1] == Bytes.space || self[range.upperBound - 1] == Bytes.tab {
            range = range.lowerBound..<range.upperBound - 1
        }
        return slice(range)
    }

    /// Calls `body` with each comma-separated element, trimmed; empty ones are left out.
    func forEachListElement(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        for index in 0...count where index == count || self[index] == Bytes.comma {
            let element = slice(start..<index).trimmed
            if !element.isEmpty { body(element) }
            start = index + 1
        }
    }

    /// The value of a Content-Length: digits alone, no zero in front that one reader might take for octal, and few enough
    /// that nothing computed from it overflows. Nil for anything else.
    var contentLength: Int? {
        guard count <= Self.contentLengthDigitsMax, count == 1 || first != UInt8(ascii: "0") else { return nil }
        return decimal
    }

    private static var contentLengthDigitsMax: Int { 18 }

    /// Whether the bytes are those of `text`, an ASCII text in lower case, where `_` stands for `-` too: there are servers
    /// that make one of the other (RFC 3875 §4.1.18), and these would see a field that we did not.
    func readsAs(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = UnsafeBufferPointer(start: text.utf8Start, count: count)
        for index in 0..<count {
            let byte = self[index] == UInt8(ascii: "_") ? UInt8(ascii: "-") : Bytes.lowercased(self[index])
            if byte != other[index] { return false }
        }
        return true
    }

    /// A decimal number of digits alone, leading zeros allowed; nil for anything else or beyond what fits.
    var decimal: Int? {
        guard !isEmpty else { return nil }
        var value = 0
        for byte in self {
            guard Bytes.isDigit(byte) else { return nil }
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            if overflows || overflowsToo { return nil }
            value = sum
        }
        return value
    }
}
