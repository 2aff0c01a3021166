package import HTTP

/// How one gateway process runs.
package struct GatewayOptions: Sendable {
    /// A PostgreSQL URL.
    package var database: String
    package var listen: ListenAddress
    /// Where `/metrics` is served; on `listen` when nil.
    package var admin: ListenAddress?
    /// The directory of the journal and of the gateway's identity.
    package var state: String
    /// Threads that serve requests.
    package var loops: Int
    package var journal = JournalLimits()
    /// Chat requests with inline pictures reach several megabytes; beyond it 413.
    package var bodyBytesMax = 20 << 20
    /// How long requests under way may take to finish after a stop.
    package var drainDeadline = Duration.seconds(30)
    /// How long a stop waits for a database that does not answer; usage that is not shipped by then is by the next start.
    package var databasePatience = Duration.seconds(10)
    /// How often the newest revision is asked for.
    package var pollEvery = Duration.milliseconds(250)

    package init(database: String, listen: ListenAddress, state: String, loops: Int) {
        self.database = database
        self.listen = listen
        self.state = state
        self.loops = loops
    }
}
