/// A public key as OpenSSH writes it, without its comment.
package struct SSHPublicKey: Hashable, Sendable {
    /// Such as `ssh-ed25519`.
    package var algorithm: String
    /// The key's own bytes (RFC 4253 section 6.6), in Base64.
    package var base64: String

    static let algorithms = [
        "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa",
    ]
}

extension SSHPublicKey: Amount {
    static let noun = "an SSH public key"
    static let example =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBLPHvEwi72zwV9PJfqLlOFr/i8KKJQ9o0RlGw6ZqyX0"
    static let isSecret = true
    static let pattern: String? =
        " *(?:\(algorithms.map { $0.replacing(".", with: "\\.") }.joined(separator: "|"))) +[A-Za-z0-9+/]+={0,2}(?: [\\s\\S]*)?"

    static func parse(_ text: String) throws(AmountProblem) -> SSHPublicKey {
        if text.contains("PRIVATE KEY") {
            throw AmountProblem("it is a private key", hint: "make a new one, and declare only the line of its .pub file")
        }
        let words = text.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2, algorithms.contains(words[0]) else {
            throw AmountProblem(
                "it does not begin with an algorithm and the key", hint: "copy the whole line of the .pub file")
        }
        guard let bytes = Base64.bytes(words[1]), let name = firstString(of: bytes), name == words[0] else {
            throw AmountProblem("the key does not belong to its algorithm", hint: "copy the whole line of the .pub file")
        }
        return SSHPublicKey(algorithm: words[0], base64: words[1])
    }

    /// RFC 4251 section 5: four bytes of length, then the text.
    private static func firstString(of bytes: [UInt8]) -> String? {
        guard bytes.count > 4 else { return nil }
        let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, bytes.count > 4 + length else { return nil }
        return String(decoding: bytes[4..<4 + length], as: UTF8.self)
    }

    package var text: String { algorithm + " " + base64 }
}

/// The digest of a public key, as `ssh-keygen -l` prints it.
package struct SSHFingerprint: Hashable, Sendable {
    /// SHA-256 in Base64 without padding, 43 characters.
    package var sha256: String
}

extension SSHFingerprint: Amount {
    static let noun = "the fingerprint of a key"
    static let example = "SHA256:ZnLr1pjp2cQ6vQ1n0TyVW8CtZ8iC78ZLYw9gjybwyx4"
    static let pattern: String? = "SHA256:[A-Za-z0-9+/]{43}"

    static func parse(_ text: String) throws(AmountProblem) -> SSHFingerprint {
        guard text.hasPrefix("SHA256:") else {
            throw AmountProblem("it does not begin with `SHA256:`", hint: "`ssh-keygen -lf key.pub` prints it")
        }
        let digest = String(text.dropFirst("SHA256:".count))
        guard digest.utf8.count == 43, digest.utf8.allSatisfy(Base64.isDigit) else {
            throw AmountProblem("a digest has 43 characters of Base64", hint: "`ssh-keygen -lf key.pub` prints it")
        }
        return SSHFingerprint(sha256: digest)
    }

    package var text: String { "SHA256:" + sha256 }
}

/// RFC 4648 section 4.
enum Base64 {
    static func isDigit(_ byte: UInt8) -> Bool { value(of: byte) != nil }

    /// The bytes of a padded text; nil when it is none.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard !digits.isEmpty, digits.count % 4 == 0 else { return nil }
        let padding = digits.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        for (index, digit) in digits.dropLast(padding).enumerated() {
            guard let value = value(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            if index % 4 > 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - index % 4 * 2))) }
        }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
