internal import Glibc

/// The bytes between the quotes of a checked string.
struct JSONStringContents {
    let start: UnsafePointer<UInt8>
    let count: Int

    /// `quoted` includes both quotes.
    init(base: UnsafePointer<UInt8>, quoted: Range<Int>) {
        start = base + quoted.lowerBound + 1
        count = quoted.count - 2
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// Whether the string holds no escape, so that its text is its value.
    var isPlain: Bool { count == 0 || memchr(start, Int32(JSONByte.backslash), count) == nil }

    func equals(_ text: String) -> Bool {
        let wantedCount = text.utf8.count
        // An escape is longer than what it stands for, so a text of the same length is the same or has no escape that helps.
        if count < wantedCount { return false }
        if count > wantedCount { return !isPlain && unescaped().elementsEqual(text.utf8) }
        var text = text
        return text.withUTF8 { wanted in
            guard let other = wanted.baseAddress else { return true }
            return memcmp(start, other, count) == 0 && isPlain
        }
    }

    func unescaped() -> [UInt8] {
        if isPlain { return Array(bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if start[index] == JSONByte.backslash {
                index += appendEscape(at: index, to: &result)
            } else {
                result.append(start[index])
                index += 1
            }
        }
        return result
    }

    /// Appends what the escape at `index` stands for and gives the escape's length.
    private func appendEscape(at index: Int, to result: inout [UInt8]) -> Int {
        switch start[index + 1] {
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): return appendUnicodeEscape(at: index, to: &result)
        case let literal: result.append(literal)
        }
        return 2
    }

    private func appendUnicodeEscape(at index: Int, to result: inout [UInt8]) -> Int {
        let unit = hexUnit(at: index + 2)
        guard unit & 0xFC00 == 0xD800 else {
            appendScalar(UInt32(unit), to: &result)
            return 6
        }
        let low = hexUnit(at: index + 8)
        appendScalar(0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF)), to: &result)
        return 12
    }

    private func hexUnit(at index: Int) -> UInt16 {
        var unit: UInt16 = 0
        for offset in 0..<4 { unit = unit << 4 | UInt16(JSONScanner.hexDigit(start[index + offset]) ?? 0) }
        return unit
    }

    private func appendScalar(_ value: UInt32, to result: inout [UInt8]) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
