/// A detached signature as `ssh-keygen -Y sign` makes it (OpenSSH's PROTOCOL.sshsig), read strictly.
///
/// A value: reading it says nothing about whether it is good, which `verify` does.
package struct SSHSignature: Hashable, Sendable {
    package enum Hash: String, Sendable { case sha256, sha512 }

    package let key: SSHKey
    /// What it was made for, so that a signature of one purpose does not pass for another.
    package let namespace: String
    package let hash: Hash
    let algorithm: String
    let value: Value

    struct Value: Hashable {
        var bytes: [UInt8]
        /// What a security token adds to what it signs: its flags, and how often it has signed.
        var token: [UInt8] = []
    }

    static let magic = Array("SSHSIG".utf8)
    private static let version: UInt32 = 1
    private static let begin = "-----BEGIN SSH SIGNATURE-----"
    private static let end = "-----END SSH SIGNATURE-----"
    /// Between its two lines of dashes, as `ssh-keygen` breaks lines; the last one ends without a break.
    static func armored(_ blob: [UInt8]) -> String {
        let text = Array(Base64Text.text(blob))
        let lines = stride(from: 0, to: text.count, by: lineCount).map { String(text[$0..<min($0 + lineCount, text.count)]) }
        return ([begin] + lines + [end]).joined(separator: "\n")
    }

    private static let lineCount = 70
    /// The longest, of an RSA key of 16,384 bits, has some 6,000 characters.
    package static let armoredBytesMax = 16 << 10

    /// Between its two lines of dashes; one line break may follow.
    package init(armored: [UInt8]) throws(SSHProblem) {
        guard armored.count <= Self.armoredBytesMax else { throw SSHProblem("it has \(armored.count) bytes") }
        var lines = armored.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count > 2, lines.first?.elementsEqual(Self.begin.utf8) == true,
            lines.last?.elementsEqual(Self.end.utf8) == true
        else { throw SSHProblem("it does not stand between its BEGIN and END lines") }
        guard let blob = Base64Text.bytes(Array(lines.dropFirst().dropLast().joined())) else {
            throw SSHProblem("it is not Base64")
        }
        try self.init(blob: blob)
    }

    init(blob: [UInt8]) throws(SSHProblem) {
        var reader = SSHReader(blob)
        guard try reader.bytes(Self.magic.count) == Self.magic else { throw SSHProblem("it does not begin with SSHSIG") }
        let version = try reader.uint32()
        guard version == Self.version else { throw SSHProblem("it is of version \(version), not \(Self.version)") }
        key = try SSHKey(blob: try reader.string())
        namespace = try reader.name()
        guard !namespace.isEmpty else { throw SSHProblem("it has no namespace") }
        guard try reader.string().isEmpty else { throw SSHProblem("its reserved field is not empty") }
        let hash = try reader.name()
        guard let known = Hash(rawValue: hash) else { throw SSHProblem("its hash `\(hash)` is neither sha256 nor sha512") }
        self.hash = known
        let signature = try reader.string()
        try reader.end()
        (algorithm, value) = try Self.value(signature, of: key)
    }

    private static func value(_ bytes: [UInt8], of key: SSHKey) throws(SSHProblem) -> (String, Value) {
        var reader = SSHReader(bytes)
        let algorithm = try reader.name()
        guard algorithms(of: key).contains(algorithm) else {
            throw SSHProblem("its algorithm `\(algorithm)` is not one of its key, \(algorithms(of: key).joined(separator: " or "))")
        }
        var value = Value(bytes: try reader.string())
        if key.application != nil { value.token = try reader.bytes(1 + 4) }
        try reader.end()
        return (algorithm, value)
    }

    /// RSA with SHA-1, which calls itself `ssh-rsa`, is not among them.
    private static func algorithms(of key: SSHKey) -> [String] {
        key.algorithm == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [key.algorithm]
    }
}

extension SSHSignature {
    /// Throws unless this is the key's signature over `message`, made for `namespace`.
    package func verify(_ message: [UInt8], namespace: String) throws(SSHProblem) {
        guard self.namespace == namespace else {
            throw SSHProblem("it was made for `\(self.namespace)` and not for `\(namespace)`")
        }
        let digest = hash == .sha256 ? MessageDigest.sha256 : .sha512
        let signed =
            Self.magic + Self.string(Array(namespace.utf8)) + Self.string([]) + Self.string(Array(hash.rawValue.utf8))
            + Self.string(digest.of(message))
        guard let verifying = VerifyingKey(key.material) else { throw SSHProblem("its key is none") }
        guard verifying.verifies(try signatureBytes(), of: try presented(signed), with: digestOfSignature) else { throw SSHProblem("it does not belong to this text") }
    }

    /// What the key has put its name to: a security token signs digests, and that somebody was there (PROTOCOL.u2f).
    private func presented(_ signed: [UInt8]) throws(SSHProblem) -> [UInt8] {
        guard let application = key.application else { return signed }
        guard let flags = value.token.first, flags & Self.userPresent != 0 else {
            throw SSHProblem("nobody touched the security token")
        }
        return MessageDigest.sha256.of(application) + value.token + MessageDigest.sha256.of(signed)
    }

    private static let userPresent: UInt8 = 0x01

    private var digestOfSignature: MessageDigest? {
        switch (key.material, algorithm) {
        case (.ed25519, _): nil
        case (.ecdsa(.nistp256, _), _), (.rsa, "rsa-sha2-256"): .sha256
        case (.ecdsa(.nistp384, _), _): .sha384
        case (.ecdsa, _), (.rsa, _): .sha512
        }
    }

    /// As OpenSSL takes them.
    private func signatureBytes() throws(SSHProblem) -> [UInt8] {
        switch key.material {
        case .ed25519: return value.bytes
        case .rsa(_, let modulus):
            // Some write the number without its leading zeros.
            guard value.bytes.count <= modulus.count else { throw SSHProblem("it is longer than its key") }
            return [UInt8](repeating: 0, count: modulus.count - value.bytes.count) + value.bytes
        case .ecdsa(let curve, _):
            var reader = SSHReader(value.bytes)
            let numbers = [try reader.positive(), try reader.positive()]
            try reader.end()
            guard numbers.allSatisfy({ $0.count <= curve.size + 1 }) else { throw SSHProblem("it is longer than its key") }
            return DER.sequence(numbers)
        }
    }

    static func string(_ bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt32(bytes.count).bigEndian, Array.init) + bytes
    }
}
