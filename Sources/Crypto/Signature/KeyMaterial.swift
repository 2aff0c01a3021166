/// The numbers of a public key.
enum KeyMaterial: Hashable {
    /// 32 bytes.
    case ed25519([UInt8])
    /// The point uncompressed.
    case ecdsa(EllipticCurve, point: [UInt8])
    /// Big-endian.
    case rsa(exponent: [UInt8], modulus: [UInt8])

    /// Shorter RSA keys are in reach of attackers, longer ones only cost time.
    static let modulusBits = 2048...16_384

    /// Of a big-endian number without leading zeros.
    static func bits(of number: [UInt8]) -> Int { number.count * 8 - (number.first?.leadingZeroBitCount ?? 0) }
}

/// The curves of NIST that keys are on, by their names in OpenSSH.
enum EllipticCurve: String {
    case nistp256, nistp384, nistp521

    /// Bytes of a coordinate, and of each number of a signature.
    var size: Int {
        switch self {
        case .nistp256: 32
        case .nistp384: 48
        case .nistp521: 66
        }
    }
}

/// DER (X.690), as OpenSSL takes signatures of elliptic curves.
enum DER {
    /// A SEQUENCE of INTEGERs that are written as two's complement in as few bytes as can be; below 256 bytes in all.
    static func sequence(_ numbers: [[UInt8]]) -> [UInt8] {
        let body: [UInt8] = numbers.reduce(into: []) { $0 += [0x02, UInt8($1.count)] + $1 }
        let longForm: [UInt8] = body.count < 0x80 ? [] : [0x81]
        return [0x30] + longForm + [UInt8(body.count)] + body
    }
}
