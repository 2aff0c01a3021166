internal import Crypto
internal import HTTP

/// A JSON Web Token (RFC 7519) as it was presented, read strictly as RFC 8725 asks; a value whose claims only a key gives out.
///
/// Keys are never taken from it: `jku`, `jwk`, `x5u` and `x5c` are not read.
struct JSONWebToken {
    let algorithm: SignatureAlgorithm
    let keyID: String?
    /// Whom it says to be from: good for finding keys, and proven only by one of them.
    let claimedIssuer: String
    private let payload: [UInt8]
    /// What the signature is over.
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// No identity provider's comes near.
    static let bytesMax = 16 << 10
    private static let nameBytesMax = 256

    /// Throws `TokenProblem`.
    init(_ text: String) throws {
        guard text.utf8.count <= Self.bytesMax else { throw TokenProblem("it has \(text.utf8.count) bytes") }
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count != 5 else { throw TokenProblem("it is encrypted") }
        guard parts.count == 3 else { throw TokenProblem("it has \(parts.count) parts, not three") }
        guard let header = Base64URLText.bytes(parts[0]), let payload = Base64URLText.bytes(parts[1]),
            let signature = Base64URLText.bytes(parts[2])
        else { throw TokenProblem("a part of it is not Base64 for URLs") }
        (algorithm, keyID) = try TokenJSON.read(header, Self.readHeader)
        claimedIssuer = try TokenJSON.read(payload) { scan in
            guard let issuer = scan["iss"]?.string() else { throw TokenProblem("it has no `iss`") }
            return issuer
        }
        self.payload = payload
        self.signature = signature
        signed = Array(parts[0] + [UInt8(ascii: ".")] + parts[1])
    }

    private static func readHeader(_ scan: JSONScan) throws -> (SignatureAlgorithm, String?) {
        guard let name = scan["alg"]?.string() else { throw TokenProblem("it has no `alg`") }
        guard let algorithm = SignatureAlgorithm(rawValue: name) else { throw TokenProblem("its algorithm is none that is taken") }
        for member in ["crit", "enc", "zip", "b64"] where scan[member] != nil {
            throw TokenProblem("its header has `\(member)`, which is not understood")
        }
        guard scan["cty"] == nil else { throw TokenProblem("it holds another content") }
        if let type = scan["typ"] {
            guard let name = type.string(), types.contains(name.lowercased()) else { throw TokenProblem("it is a token of another type") }
        }
        guard let keyID = scan["kid"] else { return (algorithm, nil) }
        guard let id = keyID.string(), (1...nameBytesMax).contains(id.utf8.count) else { throw TokenProblem("its `kid` is no name") }
        return (algorithm, id)
    }

    /// Of identity and of access (RFC 9068 section 2.1); one for something else must not pass for those.
    private static let types: Set<String> = ["jwt", "at+jwt", "application/at+jwt", "application/jwt"]

    /// The claims, when the key has signed them. Throws `TokenProblem`.
    func claims(verifiedBy key: SignatureKey) throws -> TokenClaims {
        guard key.verifies(signature, of: signed, by: algorithm) else { throw TokenProblem("its signature is not its issuer's") }
        return try TokenClaims(payload, issuer: claimedIssuer)
    }
}

/// JSON of strangers.
enum TokenJSON {
    /// Hands `body` an object in which no name stands twice. Throws `TokenProblem` for anything else, and what `body` throws.
    static func read<T>(_ bytes: [UInt8], _ body: (JSONScan) throws -> T) throws -> T {
        try bytes.withUnsafeBytes { bytes in
            let scan: JSONScan
            do throws(JSONError) { scan = try JSONScan(bytes) } catch { throw TokenProblem("it holds no strict JSON: \(error)") }
            guard scan.root.kind == .object else { throw TokenProblem("it holds no JSON object") }
            return try body(scan)
        }
    }
}
