/// A public key whose signatures are checked: the values of a JSON Web Key (RFC 7518 section 6, RFC 8037 section 2).
///
/// The key and nothing else decides which algorithms it can have signed with, so a token cannot choose another.
package struct SignatureKey: Hashable, Sendable {
    private let material: KeyMaterial
    package let algorithms: Set<SignatureAlgorithm>

    package enum Curve: String, Sendable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"
    }

    /// An RSA key by its big-endian numbers; nil for one that is too short or too long, or whose numbers make no key.
    package init?(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        guard KeyMaterial.modulusBits.contains(KeyMaterial.bits(of: modulus)), modulus.last.map({ $0 & 1 == 1 }) ?? false,
            Self.isExponent(exponent)
        else { return nil }
        self.init(.rsa(exponent: exponent, modulus: modulus), [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512])
    }

    /// With an exponent of one everything would be its own signature; long ones only cost time (RFC 8017 section 3.1).
    private static func isExponent(_ exponent: [UInt8]) -> Bool {
        guard let last = exponent.last, exponent.count <= exponentBytesMax else { return false }
        return last & 1 == 1 && exponent != [1]
    }

    private static let exponentBytesMax = 8

    /// A point of a curve by its coordinates, each as long as the curve says; nil for anything else.
    package init?(curve: Curve, x: [UInt8], y: [UInt8]) {
        let (known, algorithm) = curve.known
        guard x.count == known.size, y.count == known.size else { return nil }
        self.init(.ecdsa(known, point: [0x04] + x + y), [algorithm])
    }

    /// 32 bytes; nil for anything else.
    package init?(ed25519 bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(.ed25519(bytes), [.edDSA])
    }

    private init?(_ material: KeyMaterial, _ algorithms: Set<SignatureAlgorithm>) {
        guard VerifyingKey(material) != nil else { return nil }
        self.material = material
        self.algorithms = algorithms
    }

    /// Whether `signature` is this key's over `message` by an algorithm of its own. Callable from any thread.
    package func verifies(_ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        guard algorithms.contains(algorithm), let signature = openSSLForm(signature), let key = VerifyingKey(material) else { return false }
        return key.verifies(signature, of: message, with: algorithm.digest, isPSS: algorithm.isPSS)
    }

    /// Nil where it is not exactly as long as the key's signatures are.
    private func openSSLForm(_ signature: [UInt8]) -> [UInt8]? {
        switch material {
        case .ed25519: return signature.count == 64 ? signature : nil
        case .rsa(_, let modulus): return signature.count == modulus.count ? signature : nil
        case .ecdsa(let curve, _):
            guard signature.count == 2 * curve.size else { return nil }
            let numbers = [signature.prefix(curve.size), signature.suffix(curve.size)].map { Array($0.drop { $0 == 0 }) }
            // CVE-2022-21449: with zeros every message is signed.
            guard numbers.allSatisfy({ !$0.isEmpty }) else { return nil }
            return DER.sequence(numbers.map { $0[0] < 0x80 ? $0 : [0] + $0 })
        }
    }
}

extension SignatureKey.Curve {
    fileprivate var known: (EllipticCurve, SignatureAlgorithm) {
        switch self {
        case .p256: (.nistp256, .es256)
        case .p384: (.nistp384, .es384)
        case .p521: (.nistp521, .es512)
        }
    }
}
