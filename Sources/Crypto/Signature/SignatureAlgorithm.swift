/// The algorithms of JSON Web Signatures (RFC 7518 section 3.1, RFC 8037 section 3.1) that are good for strangers' tokens.
///
/// Those with a shared secret are not among them, and neither is `none`.
package enum SignatureAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// Nil where the algorithm brings its own.
    var digest: MessageDigest? {
        switch self {
        case .rs256, .ps256, .es256: .sha256
        case .rs384, .ps384, .es384: .sha384
        case .rs512, .ps512, .es512: .sha512
        case .edDSA: nil
        }
    }

    var isPSS: Bool { [.ps256, .ps384, .ps512].contains(self) }
}
