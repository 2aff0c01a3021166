internal import COpenSSL

/// One side of one TLS connection, apart from any socket: what came from the network goes in, what must go to the
/// network comes out (SSL_set_bio(3) with memory BIOs). Used on one thread.
package final class TLSSession {
    private let pointer: OpaquePointer
    /// Kept alive as long as OpenSSL may ask it for another certificate.
    private let context: TLSContext
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private var isEstablished = false
    private var isFinished = false

    package enum Piece {
        case bytes(Int)
        /// More must come from the network first.
        case none
        /// The other side has said that it sends no more. An end without this is a truncation.
        case end
    }

    /// The side of a client that wants `host`: a name, sent to the server and looked for in its certificate, or a
    /// literal address, only looked for. With `resuming` the handshake is shortened if the server agrees.
    package convenience init(
        client context: TLSContext, host: String, isAddress: Bool, resuming: TLSResumption? = nil
    ) throws(TLSError) {
        try self.init(context)
        SSL_set_connect_state(pointer)
        // One that does not fit costs a full handshake, no more.
        if let resuming { SSL_set_session(pointer, resuming.pointer) }
        let protocols = TLSProtocols.ours
        // Unlike its siblings this call answers 0 for success.
        guard SSL_set_alpn_protos(pointer, protocols, UInt32(protocols.count)) == 0 else {
            throw TLSError("SSL_set_alpn_protos")
        }
        if isAddress {
            try openssl("X509_VERIFY_PARAM_set1_ip_asc") {
                X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), host)
            }
        } else {
            try setName(host)
        }
    }

    /// The side of a server.
    package convenience init(server context: TLSContext) throws(TLSError) {
        try self.init(context)
        SSL_set_accept_state(pointer)
    }

    private init(_ context: TLSContext) throws(TLSError) {
        guard let pointer = SSL_new(context.pointer) else { throw TLSError("SSL_new") }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(pointer)
            throw TLSError("BIO_new")
        }
        // The session owns both from here on.
        SSL_set_bio(pointer, incoming, outgoing)
        self.pointer = pointer
        self.context = context
        self.incoming = incoming
        self.outgoing = outgoing
    }

    deinit {
        // Without this OpenSSL forgets the session, and it could not be resumed.
        if isEstablished, !isFinished { SSL_shutdown(pointer) }
        SSL_free(pointer)
    }

    private func setName(_ host: String) throws(TLSError) {
        let answer = host.withCString { name in
            SSL_ctrl(pointer, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), UnsafeMutableRawPointer(mutating: name))
        }
        guard answer == 1 else { throw TLSError("SSL_set_tlsext_host_name") }
        SSL_set_hostflags(pointer, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        try openssl("SSL_set1_host") { SSL_set1_host(pointer, host) }
    }
}

extension TLSSession {
    /// Takes what came from the network.
    package func receive(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        guard BIO_write(incoming, bytes.baseAddress, Int32(clamping: bytes.count)) == bytes.count else {
            throw TLSError("BIO_write")
        }
    }

    /// Goes on with the handshake as far as what was received allows; true once it is complete, which for a client
    /// means that the server's certificate is good.
    package func handshake() throws(TLSError) -> Bool {
        if isEstablished { return true }
        ERR_clear_error()
        let answer = SSL_do_handshake(pointer)
        if answer == 1 {
            isEstablished = true
            return true
        }
        try throwUnlessWaiting(answer, "SSL_do_handshake")
        return false
    }

    /// Decrypts into `buffer`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSError) -> Piece {
        ERR_clear_error()
        let answer = SSL_read(pointer, buffer.baseAddress, Int32(clamping: buffer.count))
        if answer > 0 { return .bytes(Int(answer)) }
        if SSL_get_error(pointer, answer) == SSL_ERROR_ZERO_RETURN { return .end }
        try throwUnlessWaiting(answer, "SSL_read")
        return .none
    }

    /// Encrypts `bytes`. Only once the handshake is complete.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        var rest = bytes
        while !rest.isEmpty {
            ERR_clear_error()
            let answer = SSL_write(pointer, rest.baseAddress, Int32(clamping: rest.count))
            guard answer > 0 else { throw TLSError("SSL_write") }
            rest = UnsafeRawBufferPointer(rebasing: rest[Int(answer)...])
        }
    }

    /// Tells the other side that nothing more will be sent (close_notify).
    package func finish() {
        guard isEstablished, !isFinished else { return }
        isFinished = true
        ERR_clear_error()
        SSL_shutdown(pointer)
    }

    /// Calls `body` with what must go to the network, valid during the call, and forgets it; not when there is nothing.
    package func takeOutgoing(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start: UnsafeMutableRawPointer?
        let count = BIO_ctrl(outgoing, BIO_CTRL_INFO, 0, &start)
        guard count > 0, let start else { return }
        body(UnsafeRawBufferPointer(start: start, count: count))
        BIO_ctrl(outgoing, BIO_CTRL_RESET, 0, nil)
    }

    /// With what the next handshake with this server may be shortened; nil while there is nothing. TLS 1.3 servers send it
    /// after the handshake, with their first bytes.
    package var resumption: TLSResumption? { SSL_get1_session(pointer).flatMap(TLSResumption.init) }

    /// The protocol version in use, such as `TLSv1.3`.
    package var version: String { String(cString: SSL_get_version(pointer)) }

    /// The name that the client asked for (SNI); nil when it asked for none.
    package var serverName: String? {
        SSL_get_servername(pointer, Int32(TLSEXT_NAMETYPE_host_name)).map { String(cString: $0) }
    }

    /// Whether an earlier session was taken up again, which costs no signature.
    package var isResumed: Bool { SSL_session_reused(pointer) == 1 }

    /// Whether this side's own certificate is good for `host`, a name or an address without brackets.
    package func isOwnCertificateGood(for host: String) -> Bool {
        guard let certificate = SSL_get_certificate(pointer) else { return false }
        return X509_check_host(certificate, host, host.utf8.count, 0, nil) == 1 || X509_check_ip_asc(certificate, host, 0) == 1
    }

    private func throwUnlessWaiting(_ answer: Int32, _ call: StaticString) throws(TLSError) {
        let code = SSL_get_error(pointer, answer)
        if code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE { return }
        let verification = SSL_get_verify_result(pointer)
        if verification != Int(X509_V_OK), let text = X509_verify_cert_error_string(verification) {
            throw TLSError(text: "the certificate is not good: " + String(cString: text))
        }
        throw TLSError(call)
    }
}
