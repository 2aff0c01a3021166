/// An Ed25519 private key of OpenSSH without a passphrase, by which texts are signed as `ssh-keygen -Y sign` does.
package struct SSHSigningKey: Sendable {
    private let seed: [UInt8]
    /// Of the public half.
    package let key: SSHKey

    private static let begin = "-----BEGIN OPENSSH PRIVATE KEY-----"
    private static let end = "-----END OPENSSH PRIVATE KEY-----"
    private static let magic = Array("openssh-key-v1\0".utf8)
    private static let algorithm = "ssh-ed25519"
    private static let seedCount = 32

    /// Reads a file as `ssh-keygen -t ed25519` writes it (OpenSSH's PROTOCOL.key).
    package init(_ text: String) throws(SSHProblem) {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        guard lines.count > 2, lines.first == Self.begin, lines.last == Self.end else {
            throw SSHProblem("it is not a private key of OpenSSH")
        }
        guard let container = Base64Text.bytes(Array(lines.dropFirst().dropLast().joined().utf8)) else {
            throw SSHProblem("it is not Base64")
        }
        var reader = SSHReader(container)
        guard try reader.bytes(Self.magic.count) == Self.magic else { throw SSHProblem("it is not of the version that is known") }
        guard try reader.name() == "none" else { throw SSHProblem("it has a passphrase, for which nobody can be asked") }
        _ = try reader.string()
        _ = try reader.string()
        guard try reader.uint32() == 1 else { throw SSHProblem("it holds several keys") }
        key = try SSHKey(blob: try reader.string())
        guard key.algorithm == Self.algorithm else { throw SSHProblem("it is of \(key.algorithm); make one with ssh-keygen -t ed25519") }
        var secret = SSHReader(try reader.string())
        guard try secret.uint32() == secret.uint32(), try secret.name() == Self.algorithm else { throw SSHProblem("it is damaged") }
        let publicHalf = try secret.string()
        let both = try secret.string()
        guard both.count == 2 * Self.seedCount, Array(both.suffix(Self.seedCount)) == publicHalf else { throw SSHProblem("it is damaged") }
        seed = Array(both.prefix(Self.seedCount))
    }

    /// The armored signature over a text, for one purpose (OpenSSH's PROTOCOL.sshsig); its last line ends without a break.
    package func sign(_ message: [UInt8], namespace: String) throws(SSHProblem) -> String {
        let hash = "sha512"
        let head = [Array(namespace.utf8), [], Array(hash.utf8)].flatMap(SSHSignature.string)
        let signed = SSHSignature.magic + head + SSHSignature.string(MessageDigest.sha512.of(message))
        let value = try SigningKey(seed: seed).sign(signed)
        let signature = SSHSignature.string(Array(Self.algorithm.utf8)) + SSHSignature.string(value)
        let version: [UInt8] = [0, 0, 0, 1]
        return SSHSignature.armored(
            SSHSignature.magic + version + SSHSignature.string(key.blob) + head + SSHSignature.string(signature))
    }
}
