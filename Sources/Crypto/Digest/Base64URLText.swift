/// Base64 for URLs without padding (RFC 7515 section 2), strictly: one text for each run of bytes.
package enum Base64URLText {
    /// Nil for anything but digits, for a length that no bytes have, and where bits are left over.
    package static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        let rest = text.count % 4
        guard rest != 1, !text.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") || $0 == padding }) else { return nil }
        let digits = text.map { digit in
            switch digit {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: digit
            }
        }
        return Base64Text.bytes(digits + [UInt8](repeating: padding, count: rest == 0 ? 0 : 4 - rest))
    }

    package static func text(_ bytes: [UInt8]) -> String {
        String(decoding: Base64Text.text(bytes).utf8.filter { $0 != padding }.map { digit in
            switch digit {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: digit
            }
        }, as: UTF8.self)
    }

    private static let padding = UInt8(ascii: "=")
}
