internal import FoundationEssentials

/// A key pair of an identity provider, made and used by `openssl`, apart from the code under test.
package final class TokenKey: Sendable {
    package enum Kind: Hashable, Sendable {
        case rsa(bits: Int)
        /// Such as `P-256`.
        case ec(String)
        case ed25519
    }

    package let kind: Kind
    private let folder: TemporaryDirectory

    package init(_ kind: Kind) throws {
        self.kind = kind
        folder = try TemporaryDirectory()
        let options =
            switch kind {
            case .rsa(let bits): ["RSA", "-pkeyopt", "rsa_keygen_bits:\(bits)"]
            case .ec(let curve): ["EC", "-pkeyopt", "ec_paramgen_curve:\(curve)"]
            case .ed25519: ["ED25519"]
            }
        try openssl(["genpkey", "-out", "key", "-algorithm"] + options)
    }

    package enum Failure: Error { case openssl(String) }

    @discardableResult
    private func openssl(_ arguments: [String]) throws -> String {
        let outcome = try Subprocess.run(["openssl"] + arguments, directory: folder.path)
        guard outcome.code == 0 else { throw Failure.openssl(outcome.errors) }
        return outcome.output
    }

    // MARK: the public half

    /// Big-endian, of an RSA key.
    package var modulus: [UInt8] {
        get throws {
            let line = try openssl(["rsa", "-in", "key", "-noout", "-modulus"])
            let digits = Array(line.split(separator: "=")[1].utf8.filter { $0 > 0x20 })
            return stride(from: 0, to: digits.count, by: 2).map { index in
                UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
            }
        }
    }

    /// What `openssl genpkey` takes for RSA keys.
    package static let exponent: [UInt8] = [1, 0, 1]

    /// The last `count` bytes of the public key in DER: a point's coordinates, or an Ed25519 key.
    package func publicBytes(_ count: Int) throws -> [UInt8] {
        try openssl(["pkey", "-in", "key", "-pubout", "-outform", "DER", "-out", "public"])
        return try Array(bytes(of: "public").suffix(count))
    }

    /// Bytes of one coordinate.
    package var size: Int {
        switch kind {
        case .ec("P-256"): 32
        case .ec("P-384"): 48
        case .ec("P-521"): 66
        default: 32
        }
    }

    /// The JSON Web Key with more members, such as `"kid":"a"`.
    package func jwk(_ more: String...) throws -> String {
        let text: String
        switch kind {
        case .rsa: text = #""kty":"RSA","n":"\#(Self.base64URL(try modulus))","e":"AQAB""#
        case .ec(let curve):
            let point = try publicBytes(2 * size)
            text =
                #""kty":"EC","crv":"\#(curve)","x":"\#(Self.base64URL(Array(point.prefix(size))))","y":"\#(Self.base64URL(Array(point.suffix(size))))""#
        case .ed25519: text = #""kty":"OKP","crv":"Ed25519","x":"\#(Self.base64URL(try publicBytes(32)))""#
        }
        return "{" + ([text] + more).joined(separator: ",") + "}"
    }

    // MARK: signing

    /// The signature as JSON Web Signatures carry it. `algorithm` is one of this kind of key, such as `PS384`.
    package func sign(_ message: String, _ algorithm: String) throws -> [UInt8] {
        try folder.write(message, to: "message")
        let digest = "-sha\(algorithm.suffix(3))"
        switch kind {
        case .ed25519: try openssl(["pkeyutl", "-sign", "-inkey", "key", "-rawin", "-in", "message", "-out", "signature"])
        case .rsa where algorithm.hasPrefix("PS"):
            let options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
            try openssl(["dgst", digest] + options + ["-sign", "key", "-out", "signature", "message"])
        default: try openssl(["dgst", digest, "-sign", "key", "-out", "signature", "message"])
        }
        let signature = try bytes(of: "signature")
        if case .ec = kind { return fixedLength(signature) }
        return signature
    }

    /// The two numbers of a DER signature, each as long as a coordinate.
    private func fixedLength(_ der: [UInt8]) -> [UInt8] {
        var rest = der.dropFirst(der[1] == 0x81 ? 3 : 2)
        var numbers: [UInt8] = []
        for _ in 0..<2 {
            let count = Int(rest[rest.startIndex + 1])
            let number = rest.dropFirst(2).prefix(count).drop { $0 == 0 }
            numbers += [UInt8](repeating: 0, count: size - number.count) + number
            rest = rest.dropFirst(2 + count)
        }
        return numbers
    }

    /// A token as it travels: a header that names `algorithm` and has more members, the claims, and the signature.
    package func token(_ algorithm: String, header: String = "", claims: String) throws -> String {
        try signed(#"{"alg":"\#(algorithm)"\#(header.isEmpty ? "" : "," + header)}"#, claims, algorithm)
    }

    /// The same with a header that is whole, whatever it says.
    package func signed(_ header: String, _ claims: String, _ algorithm: String) throws -> String {
        let text = Self.base64URL(Array(header.utf8)) + "." + Self.base64URL(Array(claims.utf8))
        return text + "." + Self.base64URL(try sign(text, algorithm))
    }

    private func bytes(of name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: folder.path + "/" + name))) }

    package static func base64URL(_ bytes: [UInt8]) -> String {
        String(decoding: Data(bytes).base64EncodedString().utf8.compactMap { digit in
            switch digit {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: digit
            }
        }, as: UTF8.self)
    }
}
