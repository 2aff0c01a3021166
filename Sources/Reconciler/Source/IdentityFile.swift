internal import Crypto

/// The text of a private key for ssh, looked at so that what libssh2 cannot use is named before anything is sent.
enum IdentityFile {
    static let bytesMax = 64 << 10

    /// What is wrong with it, as the end of a sentence about the file; nil for a key that can be tried.
    static func problem(_ text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first(where: { !$0.isEmpty }) else { return "is empty" }
        if first.hasPrefix("ssh-") || first.hasPrefix("ecdsa-") || first.hasPrefix("sk-") {
            return "is a public key; name the private one, without .pub"
        }
        if first.hasPrefix("PuTTY-") { return "is a key of PuTTY; write it as OpenSSH does: puttygen -O private-openssh" }
        guard first.hasPrefix("-----BEGIN "), first.contains("PRIVATE KEY") else { return "is not a private key of OpenSSH" }
        if first.contains("RSA") { return rsa }
        if first.contains("ENCRYPTED") || lines.contains(where: { $0.hasPrefix("Proc-Type:") && $0.contains("ENCRYPTED") }) {
            return passphrase
        }
        guard first.contains("OPENSSH") else { return nil }
        let digits = lines.dropFirst().prefix { !$0.hasPrefix("-----") }.joined()
        guard let bytes = Base64Text.bytes(digits.utf8) else { return "is damaged" }
        return problem(ofContainer: bytes)
    }

    private static let rsa = "is an RSA key, which libssh2 cannot use with current servers; make one with ssh-keygen -t ed25519"
    private static let passphrase = "has a passphrase, for which nobody can be asked; use a key without one that may read this repository only"

    /// PROTOCOL.key of OpenSSH.
    private static func problem(ofContainer bytes: [UInt8]) -> String? {
        var rest = bytes[...]
        func string() -> String? {
            guard rest.count >= 4 else { return nil }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { return nil }
            defer { rest = rest.dropFirst(length) }
            return String(decoding: rest.prefix(length), as: UTF8.self)
        }
        let magic = Array("openssh-key-v1\0".utf8)
        guard rest.starts(with: magic) else { return "is damaged" }
        rest = rest.dropFirst(magic.count)
        guard let cipher = string(), string() != nil, string() != nil else { return "is damaged" }
        guard cipher == "none" else { return passphrase }
        // How many keys it holds, which is one, then the public key, whose length and first string follow.
        rest = rest.dropFirst(8)
        guard let algorithm = string() else { return "is damaged" }
        if algorithm == "ssh-rsa" { return rsa }
        if algorithm.hasPrefix("sk-") { return "needs a security token; use a key without one" }
        return nil
    }
}
