/// A public key of OpenSSH (RFC 4253 section 6.6, RFC 5656, RFC 8709, OpenSSH's PROTOCOL.u2f) that signatures are checked with.
package struct SSHKey: Hashable, Sendable {
    /// The whole key as it travels, whose digest is its fingerprint.
    package let blob: [UInt8]
    /// Such as `ssh-ed25519`.
    package let algorithm: String
    let material: KeyMaterial
    /// What a key on a security token was made for; nil for a key in a file.
    let application: [UInt8]?

    package init(blob: [UInt8]) throws(SSHProblem) {
        var reader = SSHReader(blob)
        let name = try reader.name()
        let isOnToken = name.hasPrefix("sk-")
        switch name {
        case "ssh-ed25519", "sk-ssh-ed25519@openssh.com":
            let key = try reader.string()
            guard key.count == 32 else { throw SSHProblem("its key has \(key.count) bytes, not 32") }
            material = .ed25519(key)
        case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ecdsa-sha2-nistp256@openssh.com":
            let curve = try reader.name()
            guard let known = EllipticCurve(rawValue: curve), name.contains(curve) else {
                throw SSHProblem("its key is of the curve `\(curve)` and calls itself \(name)")
            }
            material = .ecdsa(known, point: try reader.string())
        case "ssh-rsa":
            let exponent = try reader.positive()
            material = .rsa(exponent: exponent, modulus: try Self.modulus(&reader))
        default: throw SSHProblem("its key is of the kind `\(name)`, which is not known")
        }
        application = isOnToken ? try reader.string() : nil
        try reader.end()
        self.blob = blob
        algorithm = name
    }

    private static func modulus(_ reader: inout SSHReader) throws(SSHProblem) -> [UInt8] {
        let bytes = Array(try reader.positive().drop { $0 == 0 })
        let bits = KeyMaterial.bits(of: bytes)
        let allowed = KeyMaterial.modulusBits
        guard allowed.contains(bits) else {
            throw SSHProblem("its RSA key has \(bits) bits, which is not within \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return bytes
    }

    /// As `ssh-keygen -l` prints it: `SHA256:` and Base64 without padding.
    package var fingerprint: String {
        "SHA256:" + Base64Text.text(SHA256.digest(blob).bytes).prefix { $0 != "=" }
    }
}
