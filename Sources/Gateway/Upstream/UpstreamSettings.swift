internal import HTTP

/// How connections to a provider are made. Providers with equal settings share clients, and so their idle connections.
package final class UpstreamSettings: Sendable {
    /// What makes settings equal.
    struct Values: Hashable {
        var tls = ClientTLS()
        /// Of the files of TLS: other ones are other settings, though they have the same names.
        var stamps: [FileStamp?] = []
        var allowsPrivateNetwork = false
        /// Nil for the client's own measure.
        var idleTimeout: Duration?
        /// The provider's uid, where its connections are bounded, and how many it may have.
        var bound: Bound?
    }

    struct Bound: Hashable {
        var uid: String
        var max: Int
    }

    let values: Values
    private let budget: ConnectionBudget?

    init(_ values: Values) {
        self.values = values
        budget = values.bound.map { ConnectionBudget(max: $0.max) }
    }

    /// Connections that stand or are being made, of all loops; nil where nothing bounds them.
    var connectionCount: Int? { budget?.used }

    func client(on loop: EventLoop, names: NameCache, descriptorsMax: Int32) -> Client {
        var limits = ClientLimits()
        limits.descriptorsMax = descriptorsMax
        if let idle = values.idleTimeout { limits.idleConnectionTimeout = idle }
        let allowsPrivateNetwork = values.allowsPrivateNetwork
        return Client(loop: loop, limits: limits, tls: values.tls, names: names, budget: budget) {
            allowsPrivateNetwork || !$0.isPrivate
        }
    }
}
