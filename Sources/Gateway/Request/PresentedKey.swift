internal import Crypto
internal import HTTP
internal import Policy

/// The key that a request presents, by any of the headers that clients use.
enum PresentedKey {
    /// The key's digest; the secret itself is read in place and not kept.
    static func digest(_ headers: Headers) -> Result<KeyDigest, AnswerError> {
        var bearer: SHA256Digest?
        var plain: SHA256Digest?
        var fault: AnswerError?
        headers.forEach { name, value in
            switch name.count {
            case 13 where equals(name, "authorization"):
                guard let token = bearerToken(value) else {
                    fault = fault ?? AnswerError(.malformedCredentials, "The Authorization header is not of the form `Bearer <key>`.")
                    return
                }
                bearer = SHA256.digest(token)
            case 9 where equals(name, "x-api-key"), 7 where equals(name, "api-key"):
                if value.isEmpty { return }
                let digest = SHA256.digest(value)
                if let plain, plain != digest { fault = conflict("X-API-Key", "api-key") }
                plain = digest
            default: break
            }
        }
        if let fault { return .failure(fault) }
        if let bearer, let plain, bearer != plain {
            return .failure(conflict("Authorization", "X-API-Key"))
        }
        guard let found = bearer ?? plain else {
            return .failure(AnswerError(
                .missingAPIKey, "No API key was sent: use `Authorization: Bearer <key>` or `X-API-Key: <key>`."))
        }
        return .success(KeyDigest(lanes: found.lanes))
    }

    private static func conflict(_ header: String, _ other: String) -> AnswerError {
        AnswerError(.conflictingCredentials, "\(header) and \(other) name different keys; send one.")
    }

    /// RFC 6750 §2.1; the scheme's case does not matter.
    private static func bearerToken(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let scheme = 7
        guard value.count > scheme, equals(UnsafeRawBufferPointer(rebasing: value[..<scheme]), "bearer ") else { return nil }
        let token = UnsafeRawBufferPointer(rebasing: value[scheme...])
        guard let start = token.firstIndex(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        return UnsafeRawBufferPointer(rebasing: token[start...])
    }

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
