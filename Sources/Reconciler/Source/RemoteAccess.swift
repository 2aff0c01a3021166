/// What proves to a remote who we are, and to us what it is; all of it belongs to the configured host alone.
package struct RemoteAccess: Hashable, Sendable {
    /// In place of the address's own.
    package var user: String?
    package var password: Password?
    /// File of the authorities that may sign the host's certificate, in place of the system's.
    package var authorities: String?
    /// File of the private key for ssh.
    package var identity: String?
    /// File of host keys, as OpenSSH keeps them.
    package var knownHosts: String?
    package var hostKeys: [HostKeyPin] = []

    package init() {}

    /// A password or token; never printed.
    package enum Password: Hashable, Sendable {
        /// Read anew with every fetch, so that it may be replaced while `charter watch` runs.
        case file(String)
        case text(String)
    }
}

/// A host key as people pin it: `SHA256:` and the digest in Base64 without padding, as `ssh-keygen -l` prints it.
package struct HostKeyPin: Hashable, Sendable, CustomStringConvertible {
    package let fingerprint: String

    /// Nil for anything else.
    package init?(_ text: String) {
        let digest = text.dropFirst(Self.prefix.count)
        guard text.hasPrefix(Self.prefix), digest.utf8.count == 43,
            digest.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+" || $0 == "/") })
        else { return nil }
        fingerprint = text
    }

    private static let prefix = "SHA256:"

    package var description: String { fingerprint }
}
