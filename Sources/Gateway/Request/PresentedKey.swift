internal import Crypto
internal import HTTP
internal import Policy

/// The key that a request presents, by any of the headers that clients use. The secret itself is read in place and not kept.
struct PresentedKey: Sendable {
    let digest: KeyDigest
    /// Of `Bearer app_<uid>:<secret>`: the uid of the key or project that the secret is said to be of.
    let application: String?

    /// All headers that name a key must name the same.
    static func read(_ headers: Headers) -> Result<PresentedKey, AnswerError> {
        var found: (digest: SHA256Digest, header: Field)?
        var application: String?
        var fault: AnswerError?
        headers.forEach { name, value in
            guard let field = Field(name), !value.isEmpty || field == .authorization else { return }
            var secret = value
            if field == .authorization {
                guard let token = bearerToken(value) else {
                    fault = fault ?? AnswerError(.malformedCredentials, "The Authorization header is not of the form `Bearer <key>`.")
                    return
                }
                (application, secret) = parts(of: token)
            }
            let digest = SHA256.digest(secret)
            if let found, found.digest != digest { fault = fault ?? conflict(found.header, field) }
            found = (digest, field)
        }
        if let fault { return .failure(fault) }
        guard let found else {
            return .failure(AnswerError(
                .missingAPIKey, "No API key was sent: use `Authorization: Bearer <key>` or `X-API-Key: <key>`."))
        }
        return .success(PresentedKey(digest: KeyDigest(lanes: found.digest.lanes), application: application))
    }

    /// The headers that name a key.
    private enum Field: String {
        case authorization = "Authorization"
        case apiKey = "X-API-Key"
        case shortAPIKey = "api-key"
        case googleAPIKey = "x-goog-api-key"

        init?(_ name: UnsafeRawBufferPointer) {
            switch name.count {
            case 7 where equals(name, "api-key"): self = .shortAPIKey
            case 9 where equals(name, "x-api-key"): self = .apiKey
            case 13 where equals(name, "authorization"): self = .authorization
            case 14 where equals(name, "x-goog-api-key"): self = .googleAPIKey
            default: return nil
            }
        }
    }

    private static func conflict(_ header: Field, _ other: Field) -> AnswerError {
        AnswerError(.conflictingCredentials, "\(header.rawValue) and \(other.rawValue) name different keys; send one.")
    }

    /// RFC 6750 §2.1, but that tabs count as spaces; the scheme's case does not matter.
    private static func bearerToken(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let scheme = 6
        guard value.count > scheme, equals(UnsafeRawBufferPointer(rebasing: value[..<scheme]), "bearer"), isSpace(value[scheme])
        else { return nil }
        let token = UnsafeRawBufferPointer(rebasing: value[scheme...])
        guard let start = token.firstIndex(where: { !isSpace($0) }) else { return nil }
        return UnsafeRawBufferPointer(rebasing: token[start...])
    }

    /// `app_<uid>:<secret>`, or a secret alone.
    private static func parts(of token: UnsafeRawBufferPointer) -> (application: String?, secret: UnsafeRawBufferPointer) {
        guard token.starts(with: "app_".utf8), let colon = token.lastIndex(of: UInt8(ascii: ":")) else { return (nil, token) }
        let name = String(decoding: token[4..<colon], as: UTF8.self).lowercased()
        return (name, UnsafeRawBufferPointer(rebasing: token[(colon + 1)...]))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func equals(_ bytes: UnsafeRawBufferPointer, _ lowercase: StaticString) -> Bool {
        guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count {
            let byte = bytes[index]
            let folded = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            if folded != lowercase.utf8Start[index] { return false }
        }
        return true
    }
}
