/// Base64 with padding (RFC 4648 §4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The components as little-endian 32-bit floats, which is what OpenAI's `encoding_format: base64` holds.
    static func encode(_ components: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(components.count * 4)
        for component in components {
            withUnsafeBytes(of: component.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return encode(bytes)
    }

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            for place in 0..<4 {
                let letter = alphabet[Int(group >> (18 - 6 * UInt32(place)) & 0x3F)]
                result.append(place <= count ? letter : UInt8(ascii: "="))
            }
            index += 3
        }
        return result
    }
}
