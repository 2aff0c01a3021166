internal import HTTP

/// Counts words: what ASCII white space separates. A token is a word.
enum WordCount {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Words of a text as it is. A word begins at a byte that is no space behind one that is, or at the beginning.
    static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        /// The high bit of a byte, set when the byte before was a space.
        var afterSpace: UInt64 = 0x80
        var index = 0
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let spaces = spaces(word)
            count += (~spaces & highs & (spaces << 8 | afterSpace)).nonzeroBitCount
            afterSpace = spaces >> 56
            index += 8
        }
        while index < bytes.count {
            let isSpace = bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index])
            if !isSpace && afterSpace != 0 { count += 1 }
            afterSpace = isSpace ? 0x80 : 0
            index += 1
        }
        return count
    }

    /// Marks the high bit of every byte that is white space, and of no other: no step carries from byte to byte.
    private static func spaces(_ word: UInt64) -> UInt64 {
        let low = word | highs
        let isSpace = ~((((word ^ ones &* 0x20) & ~highs) &+ ~highs) | (word ^ ones &* 0x20)) & highs
        let isControlSpace = (low &- ones &* 0x09) & ~(low &- ones &* 0x0E) & ~word & highs
        return isSpace | isControlSpace
    }

    /// Words of a JSON string's value; zero for any other value.
    static func count(_ value: JSONValue?) -> Int {
        guard let value, let raw = value.rawString else { return 0 }
        if !value.hasEscapes { return count(raw) }
        return count(text: value.string() ?? "")
    }

    static func count(text: String) -> Int {
        var text = text
        return text.withUTF8 { count(UnsafeRawBufferPointer($0)) }
    }
}
