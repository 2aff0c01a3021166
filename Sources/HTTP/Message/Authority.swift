/// The grammar of `host[:port]` (RFC 3986 §3.2, without user information).
enum Authority {
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first else { return false }
        let hostEnd = first == UInt8(ascii: "[") ? literalEnd(bytes) : nameEnd(bytes)
        guard let hostEnd, hostEnd > 0 else { return false }
        if hostEnd == bytes.count { return true }
        guard bytes[hostEnd] == Bytes.colon else { return false }
        return bytes.slice(from: hostEnd + 1).decimal.map { $0 <= Int(UInt16.max) } ?? false
    }

    /// The host without its port, and without the brackets of an IPv6 literal; nil for what is no authority.
    static func host(of bytes: UnsafeRawBufferPointer) -> String? {
        guard isValid(bytes) else { return nil }
        if bytes[0] == UInt8(ascii: "[") {
            return bytes.firstIndex(of: UInt8(ascii: "]")).map { String(decoding: bytes.slice(1..<$0), as: UTF8.self) }
        }
        return String(decoding: bytes.slice(0..<(bytes.firstIndex(of: Bytes.colon) ?? bytes.count)), as: UTF8.self)
    }

    /// The end of an IPv6 literal in brackets.
    private static func literalEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > 1 else { return nil }
        let inside = bytes.slice(1..<close)
        let isAddress = inside.allSatisfy {
            Bytes.hexValue($0) != nil || $0 == Bytes.colon || $0 == UInt8(ascii: ".")
        }
        return isAddress ? close + 1 : nil
    }

    private static func nameEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let end = bytes.firstIndex(of: Bytes.colon) ?? bytes.count
        return bytes.slice(0..<end).allSatisfy(isNameByte) ? end : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        if letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z") { return true }
        return Bytes.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
