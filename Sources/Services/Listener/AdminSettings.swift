package import Crypto
package import HTTP

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
    package var database: String
    /// Calls that are carried out at once, each with a connection of its own.
    package var workers = 4
    /// How long a call waits for a change that it asked for; half of the workers do at once.
    package var changePatience = Duration.seconds(2)
    /// Calls that wait for one of these.
    package var waitingMax = 64
    /// What calls under way have at the end.
    package var drainTimeout = Duration.seconds(10)

    package init(database: String) { self.database = database }
}

/// Why the admin API cannot be served.
package struct AdminListenProblem: Error, Hashable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
