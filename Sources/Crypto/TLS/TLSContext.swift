internal import COpenSSL

/// Whose signature makes a server's certificate good.
package enum TLSTrust: Hashable, Sendable {
    /// The certificate authorities of the machine.
    case system
    /// The authorities in a PEM file, and no other.
    case authorities(file: String)
}

/// What the sessions of one side have in common (SSL_CTX_new(3)). Used on one thread.
package final class TLSContext {
    let pointer: OpaquePointer
    /// Contexts with other certificates, between which the client's wish decides.
    var alternatives: [TLSContext] = []

    init(_ method: OpaquePointer?) throws(TLSError) {
        guard let pointer = SSL_CTX_new(method) else { throw TLSError("SSL_CTX_new") }
        self.pointer = pointer
        SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_set_options(pointer, charter_SSL_OP_NO_RENEGOTIATION)
        // Idle connections give their buffers back.
        SSL_CTX_ctrl(pointer, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
    }

    deinit { SSL_CTX_free(pointer) }

    /// For sessions that verify the server against `trust`, and show it `identity` when it asks.
    package static func client(trust: TLSTrust, identity: TLSIdentityFiles? = nil) throws(TLSError) -> TLSContext {
        let context = try TLSContext(TLS_client_method())
        SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
        switch trust {
        case .system:
            try openssl("SSL_CTX_set_default_verify_paths") { SSL_CTX_set_default_verify_paths(context.pointer) }
        case .authorities(let file):
            try reading(file) { () throws(TLSError) in
                try openssl("SSL_CTX_load_verify_file") { SSL_CTX_load_verify_file(context.pointer, file) }
            }
        }
        if let identity { try context.use(identity) }
        return context
    }
}

extension TLSContext {
    private func use(_ identity: TLSIdentityFiles) throws(TLSError) {
        try Self.reading(identity.certificate) { () throws(TLSError) in
            try openssl("SSL_CTX_use_certificate_chain_file") {
                SSL_CTX_use_certificate_chain_file(pointer, identity.certificate)
            }
        }
        try Self.reading(identity.key) { () throws(TLSError) in
            try openssl("SSL_CTX_use_PrivateKey_file") {
                SSL_CTX_use_PrivateKey_file(pointer, identity.key, SSL_FILETYPE_PEM)
            }
        }
        try openssl("SSL_CTX_check_private_key") { SSL_CTX_check_private_key(pointer) }
    }

    /// Says in which file the fault is.
    private static func reading(_ file: String, _ body: () throws(TLSError) -> Void) throws(TLSError) {
        do throws(TLSError) {
            try body()
        } catch {
            throw TLSError(text: "\(file): \(error)")
        }
    }
}

/// The application protocols we speak (RFC 7301).
enum TLSProtocols {
    /// `http/1.1`, in ALPN's form: each name behind its length.
    static let ours: [UInt8] = [8] + [UInt8]("http/1.1".utf8)

    /// Chooses ours from what a client offers; a client that offers only others is refused.
    static func choose(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ chosenCount: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafePointer<UInt8>?, _ offeredCount: UInt32
    ) -> Int32 {
        guard let chosen, let chosenCount, let offered else { return SSL_TLSEXT_ERR_NOACK }
        let all = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
        var position = 0
        while position < all.count {
            let end = position + 1 + Int(all[position])
            guard end <= all.count else { break }
            if all[position..<end].elementsEqual(ours) {
                chosen.pointee = offered + position + 1
                chosenCount.pointee = all[position]
                return SSL_TLSEXT_ERR_OK
            }
            position = end
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}
