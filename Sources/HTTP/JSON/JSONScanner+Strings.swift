extension JSONScanner {
    /// Checks the string whose opening quote is at the position, and stops behind its closing quote.
    mutating func scanString() throws(JSONError) {
        position += 1
        while true {
            skipPlainText()
            let byte = try current()
            if byte == JSONByte.quote {
                position += 1
                return
            }
            if byte >= 0x80 {
                try scanMultibyteText()
            } else if byte == JSONByte.backslash {
                try scanEscape()
            } else {
                throw JSONError(.controlCharacter, at: position)
            }
        }
    }

    /// Moves over ASCII that needs no look, eight bytes at a time.
    @inline(__always)
    private mutating func skipPlainText() {
        while position + 8 <= end {
            let word = ByteWord.load(base, at: position)
            let marks =
                word & ByteWord.highs | ByteWord.below(word, 0x20) | ByteWord.matches(word, JSONByte.quote)
                | ByteWord.matches(word, JSONByte.backslash)
            if marks != 0 {
                position += ByteWord.lowest(marks)
                return
            }
            position += 8
        }
        while position < end {
            let byte = base[position]
            if byte < 0x20 || byte >= 0x80 || byte == JSONByte.quote || byte == JSONByte.backslash { return }
            position += 1
        }
    }

    /// Moves over a run of multi-byte characters (RFC 3629 §4: no overlong form, no surrogate, nothing above U+10FFFF).
    private mutating func scanMultibyteText() throws(JSONError) {
        while position < end && base[position] >= 0x80 {
            let lead = base[position]
            switch lead {
            case 0xC2...0xDF: try scanContinuation(second: 0x80...0xBF, length: 2)
            case 0xE0: try scanContinuation(second: 0xA0...0xBF, length: 3)
            case 0xED: try scanContinuation(second: 0x80...0x9F, length: 3)
            case 0xE1...0xEF: try scanContinuation(second: 0x80...0xBF, length: 3)
            case 0xF0: try scanContinuation(second: 0x90...0xBF, length: 4)
            case 0xF1...0xF3: try scanContinuation(second: 0x80...0xBF, length: 4)
            case 0xF4: try scanContinuation(second: 0x80...0x8F, length: 4)
            default: throw JSONError(.invalidUTF8, at: position)
            }
        }
    }

    @inline(__always)
    private mutating func scanContinuation(second: ClosedRange<UInt8>, length: Int) throws(JSONError) {
        guard position + length <= end, second.contains(base[position + 1]) else {
            throw JSONError(.invalidUTF8, at: position)
        }
        var index = 2
        while index < length {
            if base[position + index] & 0xC0 != 0x80 { throw JSONError(.invalidUTF8, at: position) }
            index += 1
        }
        position += length
    }

    private mutating func scanEscape() throws(JSONError) {
        if position + 1 >= end { throw JSONError(.unexpectedEnd, at: end) }
        switch base[position + 1] {
        case JSONByte.quote, JSONByte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"): try scanUnicodeEscape()
        default: throw JSONError(.invalidEscape, at: position)
        }
    }

    private mutating func scanUnicodeEscape() throws(JSONError) {
        let start = position
        let unit = try scanHexUnit()
        if unit & 0xFC00 == 0xDC00 { throw JSONError(.loneSurrogate, at: start) }
        guard unit & 0xFC00 == 0xD800 else { return }
        guard position + 1 < end, base[position] == JSONByte.backslash, base[position + 1] == UInt8(ascii: "u") else {
            throw JSONError(.loneSurrogate, at: start)
        }
        if try scanHexUnit() & 0xFC00 != 0xDC00 { throw JSONError(.loneSurrogate, at: start) }
    }

    /// Reads `\uXXXX` at the position.
    private mutating func scanHexUnit() throws(JSONError) -> UInt16 {
        if position + 6 > end { throw JSONError(.invalidEscape, at: position) }
        var unit: UInt16 = 0
        for index in 2..<6 {
            guard let digit = Self.hexDigit(base[position + index]) else {
                throw JSONError(.invalidEscape, at: position)
            }
            unit = unit << 4 | UInt16(digit)
        }
        position += 6
        return unit
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
