/// A public key of OpenPGP (RFC 4880), whole, in Base64 on one line.
package struct OpenPGPKey: Hashable, Sendable {
    package var base64: String
}

extension OpenPGPKey: Amount {
    static let noun = "an OpenPGP public key"
    static let example = "mDMEZz8AABYJKwYBBAHaRw8BAQdA"
    static let isSecret = true
    /// The first letters are those of a public key's packet.
    static let pattern: String? =
        "(?=m|x[g-v])(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"

    static func parse(_ text: String) throws(AmountProblem) -> OpenPGPKey {
        let hint = "`gpg --export mira | base64 -w0` prints it"
        guard let bytes = Base64.bytes(text), let first = bytes.first else {
            throw AmountProblem("it is not the Base64 of a key", hint: hint)
        }
        switch packetTag(first) {
        case 6: return OpenPGPKey(base64: text)
        case 5: throw AmountProblem("it is a private key", hint: "make a new one, and declare only what `gpg --export` prints")
        default: throw AmountProblem("it does not begin with a public key", hint: hint)
        }
    }

    /// What a packet is, by its first byte (RFC 4880 section 4.2); nil when it is no packet's.
    private static func packetTag(_ byte: UInt8) -> UInt8? {
        guard byte & 0x80 != 0 else { return nil }
        return byte & 0x40 != 0 ? byte & 0x3f : byte >> 2 & 0x0f
    }

    package var text: String { base64 }
}
