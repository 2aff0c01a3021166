package import Crypto
package import HTTP

/// How one gateway process runs. These are the machine's settings, not the platform's: none of them is in Git.
package struct GatewayOptions: Sendable {
    /// A PostgreSQL URL.
    package var database: String
    package var listen: ListenAddress
    /// Where `/metrics` is served; on `listen` when nil.
    package var admin: ListenAddress?
    /// The directory of the journal and of the gateway's identity.
    package var state: String
    /// What lets a caller deny keys at this gateway; nil where no call may.
    package var adminToken: AdminToken?
    /// Threads that serve requests.
    package var loops: Int
    /// With what TLS is spoken on `listen`; plain HTTP when nil. The admin listener speaks plain HTTP.
    package var tls: TLSFiles?
    /// Which proxies are believed when they say for whom they ask.
    package var trust = ForwardedTrust()
    /// Whether connections of those proxies begin with a PROXY header.
    package var speaksProxyProtocol = false
    package var connections = ConnectionLimits()
    /// Sockets that the process was started with, instead of making its own.
    package var inherited: [InheritedSocket] = []
    /// Whether a gateway that runs on the same state directory is asked for its sockets and its place.
    package var takesOver = false
    package var journal = JournalLimits()
    /// What the journal is written to.
    var disk = JournalDisk()
    /// Chat requests with inline pictures reach several megabytes; beyond it 413.
    package var bodyBytesMax = 20 << 20
    /// The same of a form with a recording, which OpenAI takes up to 25 MiB of.
    package var soundBytesMax = 26 << 20
    /// Bodies of all requests and answers that are held in memory at once: beyond it 503.
    package var bodyBytesHeldMax = 512 << 20
    /// How long a gateway that is no longer ready goes on accepting, for load balancers that look seldom.
    package var drainDelay = Duration.zero
    /// How long requests under way may take to finish after a stop.
    package var drainDeadline = Duration.seconds(30)
    /// How long a stop waits for a database that does not answer; usage that is not shipped by then is by the next start.
    package var databasePatience = Duration.seconds(10)
    /// How long the first requests wait for what earlier processes left in the journal to be booked; what takes longer is booked
    /// beside them.
    package var recoveryPatience = Duration.seconds(5)
    /// How many unknown keys an address may show each loop at once: beyond it 429 for those. Enough for a deployment that goes out
    /// with an old key and tries again.
    package var unknownKeysMax: Int64 = 20
    /// How often the newest revision is asked for.
    package var pollEvery = Duration.milliseconds(250)

    /// What is sent to a collector; nil for nothing.
    package var telemetry: TelemetryOptions?

    /// After so long without a byte a client of a stream gets a comment. Proxies give up after a minute or less.
    package var silenceMax = Duration.seconds(15)

    package init(database: String, listen: ListenAddress, state: String, loops: Int) {
        self.database = database
        self.listen = listen
        self.state = state
        self.loops = loops
    }
}

/// The files that a listener's TLS is made of.
package struct TLSFiles: Hashable, Sendable {
    /// The first is shown to clients that name no host, or one that none is for.
    package var identities: [TLSIdentityFiles]
    /// Whose signature makes a client's certificate good; clients are not asked for one when nil.
    package var clientAuthorities: String?
    package var clientDemand = TLSClientDemand.required

    package init(identities: [TLSIdentityFiles]) { self.identities = identities }

    var all: [String] { identities.flatMap { [$0.certificate, $0.key] } + (clientAuthorities.map { [$0] } ?? []) }
}
