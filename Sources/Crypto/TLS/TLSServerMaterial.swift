internal import COpenSSL

/// Where a server's certificate chain and its key lie, as PEM files.
package struct TLSIdentityFiles: Hashable, Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// Whether a server asks its clients for certificates.
package enum TLSClientDemand: String, Hashable, Sendable {
    /// A client may show one; one that is not good is refused.
    case optional
    case required
}

/// Everything that a server's TLS needs, read from its files at one moment, so that every loop makes its context of the same bytes.
package struct TLSServerMaterial: Sendable {
    /// The first is shown to clients that name no host, or one that none is for.
    let identities: [Identity]
    let clientAuthorities: [UInt8]?
    let clientDemand: TLSClientDemand
    let ticketKeys: TLSTicketKeys

    struct Identity: Sendable {
        let path: String
        let certificate: [UInt8]
        let key: [UInt8]
    }

    /// Reads the files; nothing in them is checked before a context is made. Without `clientAuthorities` no client is asked for a certificate.
    package init(
        reading files: [TLSIdentityFiles], clientAuthorities: String? = nil, clientDemand: TLSClientDemand = .required,
        ticketKeys: TLSTicketKeys = TLSTicketKeys()
    ) throws(TLSError) {
        var identities: [Identity] = []
        for pair in files {
            identities.append(
                Identity(path: pair.certificate, certificate: try PEMText.read(pair.certificate), key: try PEMText.read(pair.key)))
        }
        self.identities = identities
        self.clientAuthorities = if let clientAuthorities { try PEMText.read(clientAuthorities) } else { nil }
        self.clientDemand = clientDemand
        self.ticketKeys = ticketKeys
    }

    /// The same certificates with other keys of tickets.
    package func with(_ keys: TLSTicketKeys) -> TLSServerMaterial {
        TLSServerMaterial(
            identities: identities, clientAuthorities: clientAuthorities, clientDemand: clientDemand, ticketKeys: keys)
    }

    private init(identities: [Identity], clientAuthorities: [UInt8]?, clientDemand: TLSClientDemand, ticketKeys: TLSTicketKeys) {
        self.identities = identities
        self.clientAuthorities = clientAuthorities
        self.clientDemand = clientDemand
        self.ticketKeys = ticketKeys
    }

    /// Until when each identity's certificate is good, with the file it is in.
    package func expiries() throws(TLSError) -> [(path: String, validity: CertificateValidity)] {
        var all: [(path: String, validity: CertificateValidity)] = []
        for identity in identities {
            var validity: CertificateValidity?
            _ = try PEMText.forEachCertificate(identity.certificate) { (certificate) throws(TLSError) in
                if validity == nil { validity = CertificateValidity(certificate) }
            }
            if let validity { all.append((identity.path, validity)) }
        }
        return all
    }

    /// Why a certificate is not good at a time, in seconds since 1970; nil where all are.
    package func fault(at now: Int64) throws(TLSError) -> String? {
        for (path, validity) in try expiries() {
            if validity.notAfter < now { return "\(path): the certificate has ended" }
            if validity.notBefore > now { return "\(path): the certificate has not begun" }
        }
        return nil
    }
}

/// From when until when a certificate is good, in seconds since 1970.
package struct CertificateValidity: Hashable, Sendable {
    package let notBefore: Int64
    package let notAfter: Int64

    init?(_ certificate: OpaquePointer) {
        guard let notBefore = Self.seconds(X509_get0_notBefore(certificate)),
            let notAfter = Self.seconds(X509_get0_notAfter(certificate))
        else { return nil }
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// By the difference to the epoch, as OpenSSL knows no other number.
    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * secondsPerDay + Int64(seconds)
    }

    private static let secondsPerDay: Int64 = 86_400
}

/// The keys under which a server hands its clients their sessions to keep (RFC 8446 §4.6.1, RFC 5077). Loops that share them resume
/// each other's sessions.
package struct TLSTicketKeys: Sendable {
    /// Name, HMAC key and AES key, as OpenSSL lays them out (SSL_CTX_set_tlsext_ticket_key_cb(3)).
    let bytes: [UInt8]

    private static let count = 80

    package init() { bytes = SecureRandom.bytes(Self.count) }
}
