internal import Crypto
internal import HTTP

/// An issuer's keys for signatures (RFC 7517 section 5); keys for anything else, weak ones and those of unknown kinds are not in it.
struct KeySet: Sendable {
    private let entries: [Entry]

    private struct Entry {
        var id: String?
        /// Those that the key can have and, where its `alg` says one, that one.
        var algorithms: Set<SignatureAlgorithm>
        var key: SignatureKey
    }

    static let bytesMax = 256 << 10
    private static let keysMax = 64

    /// Throws `TokenProblem` for what is no set, or too large a one.
    init(_ json: [UInt8]) throws {
        guard json.count <= Self.bytesMax else { throw TokenProblem("it has \(json.count) bytes") }
        entries = try TokenJSON.read(json) { scan in
            guard let keys = scan["keys"]?.array() else { throw TokenProblem("it has no `keys`") }
            let values = keys.prefix(Self.keysMax + 1).map(\.self)
            guard values.count <= Self.keysMax else { throw TokenProblem("it has more than \(Self.keysMax) keys") }
            return try values.compactMap { value in
                guard let object = value.object() else { throw TokenProblem("a key in it is no object") }
                return try Self.entry(object)
            }
        }
    }

    /// Whether some key has the id; any set has one for a token that names none.
    func has(_ id: String?) -> Bool { id == nil || entries.contains { $0.id == id } }

    /// The one key with this id that can have signed by the algorithm, or the one of all where a token names none; nil where there
    /// is none, or where more than one could be meant.
    func key(_ id: String?, for algorithm: SignatureAlgorithm) -> SignatureKey? {
        let found = entries.filter { (id == nil || $0.id == id) && $0.algorithms.contains(algorithm) }
        return found.count == 1 ? found[0].key : nil
    }

    // MARK: reading a key

    /// Nil for a key that is not for signatures, or none that may be used. Throws where a name stands twice in it.
    private static func entry(_ object: JSONObject) throws -> Entry? {
        let use = try object.text("use")
        guard try object.member("use") == nil || use == "sig", try allowsVerifying(object), try object.member("d") == nil,
            let key = try key(object)
        else { return nil }
        var algorithms = key.algorithms
        if let member = try object.member("alg") {
            guard let algorithm = member.string().flatMap(SignatureAlgorithm.init), algorithms.contains(algorithm) else { return nil }
            algorithms = [algorithm]
        }
        return Entry(id: try object.text("kid"), algorithms: algorithms, key: key)
    }

    private static func allowsVerifying(_ object: JSONObject) throws -> Bool {
        guard let operations = try object.member("key_ops") else { return true }
        return operations.array()?.contains { $0.equals("verify") } ?? false
    }

    private static func key(_ object: JSONObject) throws -> SignatureKey? {
        switch try object.text("kty") {
        case "RSA":
            guard let modulus = try object.bytes("n"), let exponent = try object.bytes("e") else { return nil }
            return SignatureKey(rsaModulus: modulus, exponent: exponent)
        case "EC":
            guard let curve = try object.text("crv").flatMap(SignatureKey.Curve.init), let x = try object.bytes("x"),
                let y = try object.bytes("y")
            else { return nil }
            return SignatureKey(curve: curve, x: x, y: y)
        case "OKP":
            guard try object.text("crv") == "Ed25519", let x = try object.bytes("x") else { return nil }
            return SignatureKey(ed25519: x)
        default: return nil
        }
    }
}

extension JSONObject {
    /// Throws `TokenProblem` where the name stands twice.
    fileprivate func member(_ name: String) throws -> JSONValue? {
        do throws(JSONError) { return try only(name) } catch { throw TokenProblem("a key in it has `\(name)` twice") }
    }

    fileprivate func text(_ name: String) throws -> String? { try member(name)?.string() }

    fileprivate func bytes(_ name: String) throws -> [UInt8]? {
        try text(name).flatMap { Base64URLText.bytes(Array($0.utf8)) }
    }
}
