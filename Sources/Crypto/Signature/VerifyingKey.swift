internal import COpenSSL

/// A public key in OpenSSL's hands (EVP_PKEY(3)), freed with the value.
struct VerifyingKey: ~Copyable {
    private let pointer: OpaquePointer

    /// Nil for what is no key, such as a point that is not on its curve.
    init?(_ material: KeyMaterial) {
        switch material {
        case .ed25519(let bytes):
            guard let pointer = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else { return nil }
            self.pointer = pointer
        case .ecdsa(let curve, let point):
            // Compressed points have another first byte and another length.
            guard point.count == 1 + 2 * curve.size, point.first == 0x04 else { return nil }
            let made = point.withUnsafeBytes { point in
                Self.make("EC") { builder in
                    OSSL_PARAM_BLD_push_utf8_string(builder, Name.group, curve.openSSLName.pointer, 0) == 1
                        && OSSL_PARAM_BLD_push_octet_string(builder, Name.point, point.baseAddress, point.count) == 1
                }
            }
            guard let made else { return nil }
            pointer = made
        case .rsa(let exponent, let modulus):
            let numbers = (BN_bin2bn(modulus, Int32(modulus.count), nil), BN_bin2bn(exponent, Int32(exponent.count), nil))
            defer {
                BN_free(numbers.0)
                BN_free(numbers.1)
            }
            let made = Self.make("RSA") { builder in
                OSSL_PARAM_BLD_push_BN(builder, Name.modulus, numbers.0) == 1
                    && OSSL_PARAM_BLD_push_BN(builder, Name.exponent, numbers.1) == 1
            }
            guard let made else { return nil }
            pointer = made
        }
    }

    deinit { EVP_PKEY_free(pointer) }

    /// Whether `signature` is this key's over `message`; `digest` is nil where the algorithm brings its own. With `isPSS` an RSA
    /// signature is one of RSASSA-PSS with a salt as long as the digest (RFC 8017 section 8.1), else one of PKCS #1 v1.5.
    func verifies(_ signature: [UInt8], of message: [UInt8], with digest: MessageDigest?, isPSS: Bool = false) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        // Belongs to `context`.
        var inner: OpaquePointer?
        guard EVP_DigestVerifyInit(context, &inner, digest?.algorithm, nil, pointer) == 1 else { return false }
        if isPSS {
            guard EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING) == 1,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, RSA_PSS_SALTLEN_DIGEST) == 1
            else { return false }
        }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// A key of `kind` from parameters (EVP_PKEY_fromdata(3)), or nil; a point that is not on its curve is refused there.
    private static func make(_ kind: String, _ fill: (OpaquePointer) -> Bool) -> OpaquePointer? {
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, kind, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard let builder = OSSL_PARAM_BLD_new() else { return nil }
        defer { OSSL_PARAM_BLD_free(builder) }
        guard fill(builder), let parameters = OSSL_PARAM_BLD_to_param(builder) else { return nil }
        defer { OSSL_PARAM_free(parameters) }
        var pointer: OpaquePointer?
        guard EVP_PKEY_fromdata_init(context) == 1,
            EVP_PKEY_fromdata(context, &pointer, charter_EVP_PKEY_PUBLIC_KEY, parameters) == 1
        else { return nil }
        return pointer
    }

    /// The names of parameters (EVP_PKEY-EC(7), EVP_PKEY-RSA(7)). The builder keeps the pointers, so they must last.
    private enum Name {
        static var group: UnsafePointer<CChar> { ("group" as StaticString).pointer }
        static var point: UnsafePointer<CChar> { ("pub" as StaticString).pointer }
        static var modulus: UnsafePointer<CChar> { ("n" as StaticString).pointer }
        static var exponent: UnsafePointer<CChar> { ("e" as StaticString).pointer }
    }
}

extension StaticString {
    /// Of its text, which ends in a zero and lasts as long as the program.
    fileprivate var pointer: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

/// The digests that signatures are made of.
enum MessageDigest {
    case sha256, sha384, sha512

    fileprivate var algorithm: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    func of(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { out, count in
            var size: UInt32 = 0
            let answer = EVP_Digest(bytes, bytes.count, out.baseAddress, &size, algorithm, nil)
            precondition(answer == 1, "OpenSSL refused a digest of memory")
            count = Int(size)
        }
    }
}

extension EllipticCurve {
    fileprivate var openSSLName: StaticString {
        switch self {
        case .nistp256: "prime256v1"
        case .nistp384: "secp384r1"
        case .nistp521: "secp521r1"
        }
    }
}
