internal import COpenSSL

/// HMAC (RFC 2104) by OpenSSL.
package enum HMAC {
    package enum Hash: Sendable {
        case sha256
        /// For formats that were made with it, such as hashed names in `known_hosts`; for nothing of ours.
        case sha1
    }

    package static func code(_ hash: Hash, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let algorithm = hash == .sha256 ? EVP_sha256() : EVP_sha1()
        var out = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let made = COpenSSL.HMAC(algorithm, key, Int32(key.count), message, message.count, &out, &count)
        precondition(made != nil, "OpenSSL refused an HMAC of memory")
        return Array(out.prefix(Int(count)))
    }

    /// Whether a code is right, in a time that does not tell how much of it is.
    package static func isCode(_ code: [UInt8], of message: [UInt8], _ hash: Hash, key: [UInt8]) -> Bool {
        let right = Self.code(hash, key: key, message)
        return right.count == code.count && CRYPTO_memcmp(right, code, right.count) == 0
    }
}
