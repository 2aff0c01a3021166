/// A SHA-256 as 64 hexadecimal digits.
struct HexDigest: Amount {
    static let noun = "a SHA-256"
    static let example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    static let pattern: String? = "[0-9a-fA-F]{64}"

    /// A key pasted in place of its digest.
    static let isSecret = true

    var bytes: [UInt8]

    static func parse(_ text: String) throws(AmountProblem) -> HexDigest {
        var digits: [UInt8] = []
        digits.reserveCapacity(64)
        for byte in text.utf8 { if let digit = value(of: byte) { digits.append(digit) } }
        guard digits.count == text.utf8.count else {
            throw AmountProblem(
                "it has characters that are no hexadecimal digits", hint: "`charter keys new` prints the line to paste")
        }
        guard digits.count == 64 else {
            throw AmountProblem(
                "it has \(digits.count) digits, not 64", hint: "`charter keys new` prints the line to paste")
        }
        return HexDigest(bytes: stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// In lower case.
    var text: String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(Self.digits[Int(byte >> 4)])
            text.append(Self.digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
