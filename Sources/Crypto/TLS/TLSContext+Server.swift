internal import COpenSSL

extension TLSContext {
    /// For sessions of a server. Throws when a key does not belong to its certificate, or anything else of `material` cannot be used.
    package static func server(_ material: TLSServerMaterial) throws(TLSError) -> TLSContext {
        var contexts: [TLSContext] = []
        for identity in material.identities {
            do {
                contexts.append(try server(identity, material))
            } catch {
                throw TLSError(text: "\(identity.path): \(error)")
            }
        }
        guard let first = contexts.first else { throw TLSError(text: "a server needs a certificate") }
        first.chooseByName(among: contexts)
        return first
    }

    /// For sessions that show the certificate chain and use the key in two PEM files.
    package static func server(certificate: String, key: String) throws(TLSError) -> TLSContext {
        try server(TLSServerMaterial(reading: [TLSIdentityFiles(certificate: certificate, key: key)]))
    }

    private static func server(
        _ identity: TLSServerMaterial.Identity, _ material: TLSServerMaterial
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(TLS_server_method())
        try context.show(identity)
        try context.setAlgorithms()
        try context.setSessions(material.ticketKeys)
        if let authorities = material.clientAuthorities {
            try context.demandCertificates(signedBy: authorities, material.clientDemand)
        }
        SSL_CTX_set_alpn_select_cb(context.pointer, { _, chosen, chosenCount, offered, offeredCount, _ in
            TLSProtocols.choose(chosen, chosenCount, offered, offeredCount)
        }, nil)
        return context
    }

    private func show(_ identity: TLSServerMaterial.Identity) throws(TLSError) {
        var isFirst = true
        let count = try PEMText.forEachCertificate(identity.certificate) { (certificate) throws(TLSError) in
            if isFirst {
                try openssl("SSL_CTX_use_certificate") { SSL_CTX_use_certificate(pointer, certificate) }
            } else {
                try openssl("SSL_CTX_add1_chain_cert") {
                    Int32(clamping: SSL_CTX_ctrl(pointer, SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer(certificate)))
                }
            }
            isFirst = false
        }
        guard count > 0 else { throw TLSError(text: "there is no certificate in it") }
        try PEMText.withPrivateKey(identity.key) { (key) throws(TLSError) in
            try openssl("SSL_CTX_use_PrivateKey") { SSL_CTX_use_PrivateKey(pointer, key) }
        }
        try openssl("SSL_CTX_check_private_key") { SSL_CTX_check_private_key(pointer) }
    }

    /// Forward secrecy and authenticated encryption only; TLS 1.3 has nothing else. In our order, but for clients without
    /// hardware for AES, which say so by putting ChaCha first.
    private func setAlgorithms() throws(TLSError) {
        SSL_CTX_set_options(pointer, charter_SSL_OP_CIPHER_SERVER_PREFERENCE | charter_SSL_OP_PRIORITIZE_CHACHA)
        try openssl("SSL_CTX_set_cipher_list") { SSL_CTX_set_cipher_list(pointer, Self.ciphers) }
        try openssl("SSL_CTX_set1_groups_list") { control(SSL_CTRL_SET_GROUPS_LIST, 0, Self.groups) }
        try openssl("SSL_CTX_set1_sigalgs_list") { control(SSL_CTRL_SET_SIGALGS_LIST, 0, Self.signatures) }
    }

    private static let ciphers = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ].joined(separator: ":")
    private static let groups = "X25519:P-256:P-384"
    private static let signatures = [
        "ECDSA+SHA256", "ECDSA+SHA384", "ed25519", "RSA-PSS+SHA256", "RSA-PSS+SHA384", "RSA-PSS+SHA512", "RSA+SHA256",
        "RSA+SHA384", "RSA+SHA512",
    ].joined(separator: ":")

    /// Sessions live with the clients, in tickets; the server keeps none.
    private func setSessions(_ keys: TLSTicketKeys) throws(TLSError) {
        let mode = SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL
        SSL_CTX_ctrl(pointer, SSL_CTRL_SET_SESS_CACHE_MODE, Int(mode), nil)
        SSL_CTX_set_timeout(pointer, Self.sessionSeconds)
        let name = [UInt8]("charter".utf8)
        try openssl("SSL_CTX_set_session_id_context") {
            SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
        }
        var bytes = keys.bytes
        try openssl("SSL_CTX_set_tlsext_ticket_keys") {
            Int32(clamping: SSL_CTX_ctrl(pointer, SSL_CTRL_SET_TLSEXT_TICKET_KEYS, bytes.count, &bytes))
        }
    }

    private static let sessionSeconds = 3600

    private func demandCertificates(signedBy authorities: [UInt8], _ demand: TLSClientDemand) throws(TLSError) {
        let store = SSL_CTX_get_cert_store(pointer)
        let count = try PEMText.forEachCertificate(authorities) { (certificate) throws(TLSError) in
            try openssl("X509_STORE_add_cert") { X509_STORE_add_cert(store, certificate) }
            try openssl("SSL_CTX_add_client_CA") { SSL_CTX_add_client_CA(pointer, certificate) }
        }
        guard count > 0 else { throw TLSError(text: "there is no authority of clients in the file") }
        let mode = demand == .required ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_PEER
        SSL_CTX_set_verify(pointer, mode, nil)
    }

    /// Has the client's wish (SNI, RFC 6066 §3) decide whose certificate it is shown.
    private func chooseByName(among contexts: [TLSContext]) {
        alternatives = Array(contexts.dropFirst())
        guard !alternatives.isEmpty else { return }
        // The sessions keep this context alive, and with it what the callback is given.
        let argument = Unmanaged.passUnretained(self).toOpaque()
        charter_set_servername_callback(pointer, { session, _, argument in
            guard let session, let argument else { return SSL_TLSEXT_ERR_NOACK }
            return Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue().choose(for: session)
        }, argument)
    }

    private func choose(for session: OpaquePointer) -> Int32 {
        guard let name = SSL_get_servername(session, Int32(TLSEXT_NAMETYPE_host_name)) else { return SSL_TLSEXT_ERR_NOACK }
        for context in [self] + alternatives {
            guard let certificate = SSL_CTX_get0_certificate(context.pointer),
                X509_check_host(certificate, name, 0, 0, nil) == 1
            else { continue }
            SSL_set_SSL_CTX(session, context.pointer)
            return SSL_TLSEXT_ERR_OK
        }
        return SSL_TLSEXT_ERR_NOACK
    }

    private func control(_ command: Int32, _ number: Int, _ text: String) -> Int32 {
        text.withCString { Int32(clamping: SSL_CTX_ctrl(pointer, command, number, UnsafeMutableRawPointer(mutating: $0))) }
    }
}
