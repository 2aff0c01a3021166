internal import HTTP

/// Counts words: what ASCII white space separates. A token is a word.
enum WordCount {
    /// Words of a text as it is.
    static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var isInside = false
        for byte in bytes {
            let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
            if !isSpace && !isInside { count += 1 }
            isInside = !isSpace
        }
        return count
    }

    /// Words of a JSON string's value; zero for any other value.
    static func count(_ value: JSONValue?) -> Int {
        guard let raw = value?.rawString else { return 0 }
        if !raw.contains(UInt8(ascii: "\\")) { return count(raw) }
        var text = value?.string() ?? ""
        return text.withUTF8 { count(UnsafeRawBufferPointer($0)) }
    }
}
