package import Crypto
package import HTTP
internal import Policy

/// Where the admin API is served, and to whom; a value.
package struct AdminSettings: Sendable {
    /// Nil to serve the local socket alone.
    package var listen: String?
    package var certificate: TLSIdentityFiles?
    /// Whose clients' certificates are asked for, as a PEM file.
    package var clientAuthorities: String?
    /// The path of the local socket; nil for none.
    package var socket: String?
    /// From which keys are taken at all; empty for all.
    package var networks: [NetworkPrefix] = []
    /// Whether keys may cross a network in the clear, as behind a proxy that speaks TLS.
    package var allowsPlainNetwork = false
    /// Proxies whose word counts for where a call comes from.
    package var forwarded = ForwardedTrust()
    package var database: String
    /// Calls that are carried out at once, each with a connection of its own.
    package var workers = 4
    /// How long a call waits for a change that it asked for; half of the workers do at once.
    package var changePatience = Duration.seconds(2)
    /// Calls that wait for one of these: half of them may be of those who were known before.
    package var waitingMax = 64
    /// Connections over a network; the local socket has its own.
    package var connectionsMax = 512
    /// What one statement of a call may take.
    package var statementMax = Duration.seconds(15)
    package var limits = AdminSettings.usualLimits
    /// What calls under way have at the end.
    package var drainTimeout = Duration.seconds(10)

    package init(database: String) { self.database = database }

    /// Calls are short, and so are their bodies.
    private static var usualLimits: HTTPLimits {
        var limits = HTTPLimits()
        limits.headTimeout = .seconds(5)
        limits.bodyTimeout = .seconds(30)
        limits.idleTimeout = .seconds(60)
        limits.writeTimeout = .seconds(30)
        return limits
    }
}

// MARK: where calls come from

extension AdminSettings {
    /// Whose call it is, by the word of trusted proxies.
    func client(of peer: PeerAddress, _ headers: Headers) -> NetworkAddress { forwarded.client(of: peer.unmapped, headers) }

    /// The address by which the networks of keys are judged; nil where it is hidden, or may be that of a proxy nobody named: a key with
    /// networks is refused then.
    func proven(_ client: NetworkAddress) -> ClientAddress? {
        guard !client.isUnspecified, !isBehindUnknownProxy else { return nil }
        return ClientAddress(high: client.high, low: client.low, isIPv4: client.isIPv4)
    }

    private var isBehindUnknownProxy: Bool {
        allowsPlainNetwork && certificate == nil && forwarded.proxies.isEmpty && listen.map { !Self.isLoopback($0) } ?? false
    }

    /// Whether only this machine reaches `host:port`.
    static func isLoopback(_ text: String) -> Bool {
        guard let host = ListenAddress(text)?.host else { return false }
        return host == "localhost" || NetworkAddress(literal: host, port: 0)?.isLoopback ?? false
    }
}

/// Why the admin API cannot be served.
package struct AdminListenProblem: Error, Hashable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
