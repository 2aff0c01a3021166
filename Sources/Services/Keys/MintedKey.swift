package import Crypto
package import Spec

/// A fresh secret for an APIKey: shown once, never stored.
package struct MintedKey: Sendable {
    /// `sk_`, eight characters of public id, `_`, 43 characters of base 62 for 32 random bytes, and six of checksum.
    package let secret: String
    /// Its beginning up to the public id, by which people recognise the key; tells nothing of the rest.
    package let prefix: String

    package init() { self.init(id: SecureRandom.bytes(Self.idBytes), entropy: SecureRandom.bytes(Self.entropyBytes)) }

    init(id: [UInt8], entropy: [UInt8]) {
        prefix = Self.mark + Self.base62(id, width: Self.idCharacters).suffix(Self.idCharacters)
        let body = prefix + "_" + Self.base62(entropy, width: Self.bodyCharacters)
        secret = body + Self.checksum(of: body)
    }

    /// What is committed.
    package var digest: SHA256Digest { SHA256.digest(secret) }

    /// As an item of `secrets`.
    var declaration: JSONTree { .object([("prefix", .string(prefix)), ("sha256", .string(digest.hex))]) }

    /// Whether `text` has the form of a minted secret, its checksum included: a mistyped key is told from a revoked one.
    package static func isWellFormed(_ text: String) -> Bool {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "sk", parts[1].utf8.count == idCharacters,
            parts[2].utf8.count == bodyCharacters + checksumCharacters
        else { return false }
        return checksum(of: String(text.dropLast(checksumCharacters))) == text.suffix(checksumCharacters)
    }

    private static let mark = "sk_"
    private static let idBytes = 6
    /// 62^8 is below 2^48, so six bytes fill eight characters.
    private static let idCharacters = 8
    private static let entropyBytes = 32
    /// 62^43 exceeds 2^256.
    private static let bodyCharacters = 43
    private static let checksumCharacters = 6
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static func checksum(of body: String) -> String {
        // 62^6 is below 2^40, so five bytes fill six characters.
        let value = SHA256.digest(body).bytes.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let text = base62(withUnsafeBytes(of: value.bigEndian, Array.init), width: checksumCharacters)
        return String(text.suffix(checksumCharacters))
    }

    /// The number whose big-endian bytes are `bytes`, padded with zeros to `width` digits.
    private static func base62(_ bytes: [UInt8], width: Int) -> String {
        var number = bytes
        var digits: [UInt8] = []
        while digits.count < width || number.contains(where: { $0 != 0 }) {
            var remainder = 0
            for index in number.indices {
                let value = remainder << 8 | Int(number[index])
                number[index] = UInt8(value / 62)
                remainder = value % 62
            }
            digits.append(alphabet[remainder])
        }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }
}

extension MintedKey {
    /// The line to put under `secrets:` of an APIKey.
    package var snippet: String { "- { sha256: \(digest.hex), prefix: \(prefix) }" }

    /// The secret and the digest alone, for scripts.
    package var bareLines: String { "\(secret)\n\(digest.hex)" }

    package func text(name: String?) -> String {
        """
        Secret of \(name.map { "key \($0)" } ?? "the key"), shown this once and stored nowhere:

            \(secret)

        Commit this under spec.secrets of the APIKey:

            \(snippet)
        """
    }

    package func json(name: String?) -> JSONTree {
        .object([("name", .optional(name)), ("secret", .string(secret)), ("sha256", .string(digest.hex)), ("prefix", .string(prefix))])
    }
}
