package import HTTP

/// What is sent to a collector of OpenTelemetry, and how.
package struct TelemetryOptions: Sendable {
    /// Nil where none are exported.
    package var traces: CollectorAddress?
    package var metrics: CollectorAddress?
    package var headers = CollectorHeaders()
    package var tls = ClientTLS()
    /// Of one try.
    package var timeout = Duration.seconds(10)
    /// Attributes of the resource, the service's name among them.
    package var resource: [ResourceAttribute] = []
    package var sampler = TraceSampler.standard
    package var metricsEvery = Duration.seconds(60)
    /// How often spans are sent while fewer wait than a batch has.
    package var spansEvery = Duration.seconds(5)
    /// Spans of one message: about half a megabyte.
    package var batchSpansMax = 512
    /// Spans of each loop that wait to be sent; a request whose spans find no room has none.
    package var waitingSpansMax = 2048
    /// How long a message is tried again; what comes meanwhile waits.
    package var patience = Duration.seconds(60)
    /// How long a stop waits for the collector.
    package var stopPatience = Duration.seconds(5)

    package init() {}
}

/// Where a collector takes one kind of telemetry.
package struct CollectorAddress: Hashable, Sendable {
    package var origin: Origin
    package var path: String

    package init(origin: Origin, path: String) {
        self.origin = origin
        self.path = path
    }

    /// The whole address, as it is.
    init?(_ url: String) {
        guard let (origin, path) = Origin.parse(url) else { return nil }
        self.init(origin: origin, path: path.isEmpty ? "/" : path)
    }

    /// Below an address for all kinds.
    init?(below url: String, _ path: String) {
        guard let (origin, base) = Origin.parse(url) else { return nil }
        self.init(origin: origin, path: base + path)
    }
}

package struct ResourceAttribute: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
