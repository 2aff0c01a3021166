package import Crypto

/// Whom a client trusts and what it shows.
package struct ClientTLS: Hashable, Sendable {
    /// Whose certificates `https` origins may show.
    package var trust: TLSTrust
    /// The name that is asked for (SNI) and looked for in the certificate; nil for the origin's host.
    package var serverName: String?
    /// What the client shows to a server that asks for a certificate.
    package var identity: TLSIdentityFiles?

    package init(trust: TLSTrust = .system, serverName: String? = nil, identity: TLSIdentityFiles? = nil) {
        self.trust = trust
        self.serverName = serverName
        self.identity = identity
    }

    /// Reads the files; whoever declares them learns at once what is wrong with them.
    package func context() throws(TLSError) -> TLSContext { try .client(trust: trust, identity: identity) }
}
