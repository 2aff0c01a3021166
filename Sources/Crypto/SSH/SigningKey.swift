internal import COpenSSL

/// An Ed25519 private key in OpenSSL's hands (EVP_PKEY-ED25519(7)), freed with the value.
struct SigningKey: ~Copyable {
    private let pointer: OpaquePointer

    init(seed: [UInt8]) throws(SSHProblem) {
        guard let pointer = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else { throw SSHProblem("it is no key") }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }

    /// 64 bytes (EVP_SIGNATURE-ED25519(7)).
    func sign(_ message: [UInt8]) throws(SSHProblem) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw SSHProblem("OpenSSL has no memory") }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var value = [UInt8](repeating: 0, count: Self.valueCount)
        var count = value.count
        guard EVP_DigestSignInit(context, nil, nil, nil, pointer) == 1,
            EVP_DigestSign(context, &value, &count, message, message.count) == 1, count == Self.valueCount
        else { throw SSHProblem("OpenSSL did not sign with it") }
        return value
    }

    private static let valueCount = 64
}
