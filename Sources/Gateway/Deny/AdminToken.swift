internal import Crypto
internal import HTTP
internal import Spec

/// What lets a caller stop keys at this gateway itself. The secret is not kept, but a code of it under a key of this process.
package struct AdminToken: Sendable {
    private let key = SecureRandom.bytes(32)
    private let code: [UInt8]

    /// Nil for a secret that can be guessed.
    package init?(_ secret: String) {
        guard secret.utf8.count >= Self.bytesMin else { return nil }
        code = HMAC.code(.sha256, key: key, Array(secret.utf8))
    }

    /// As long as `openssl rand -hex 16` writes.
    package static let bytesMin = 32

    /// Whether a request presents it as `Authorization: Bearer`, in a time that does not tell how much of it is right.
    func isPresented(in headers: Headers) -> Bool {
        headers.withValue("authorization") { value in
            let scheme = Array("bearer ".utf8)
            guard value.count > scheme.count, value.count <= Self.bytesMax,
                zip(value, scheme).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
            else { return false }
            return HMAC.isCode(code, of: Array(value.dropFirst(scheme.count)), .sha256, key: key)
        } ?? false
    }

    private static let bytesMax = 4_096
}

extension AdminToken {
    /// Reads a file, a credential of systemd's or a variable, whichever is named; throws words for whoever starts the gateway.
    package static func read(file: String?, credential: String?, secret: String?) throws(AdminTokenFault) -> AdminToken? {
        let declared: ProviderSecret
        if let file {
            declared = ProviderSecret(.file(file))
        } else if let credential, let found = Provider.SecretReference.systemd(credential).file, (try? OpenFile(reading: found)) != nil {
            declared = ProviderSecret(.systemd(credential))
        } else if let secret {
            declared = .text(secret)
        } else {
            return nil
        }
        switch declared {
        case .missing(let reason): throw AdminTokenFault(reason: "the admin token: \(reason)")
        case .text(let text):
            guard let token = AdminToken(text) else {
                throw AdminTokenFault(reason: "the admin token has less than \(bytesMin) characters, so it could be guessed")
            }
            return token
        }
    }
}

/// An admin token that cannot be used.
package struct AdminTokenFault: Error, CustomStringConvertible {
    package var reason: String
    package var description: String { reason }
}
