internal import Synchronization

/// What the state thread knows, for readiness and metrics.
final class GatewayStatus: Sendable {
    struct Values: Sendable {
        /// Nil until the first revision is enforced.
        var revision: Int64?
        /// Of this process's journal; nil before PostgreSQL has given it.
        var epoch: Int64?
        var commit = ""
        var stateDigest = ""
        /// Up to which change of overrides they are enforced.
        var overrideSequence: Int64 = 0
        /// Overrides that PostgreSQL told of last.
        var overrides = 0
        /// Milliseconds since 1970.
        var enforcedAt: Int64 = 0
        var isDatabaseReachable = false
        /// Nanoseconds of the monotonic clock at which the database last did what it was asked.
        var databaseAnsweredAt: Int64 = 0
        /// What keeps the gateway from its first revision.
        var waitingFor: String? = "the database has not been reached yet"
        /// Why a newer revision than the one enforced was not taken.
        var rejected: String?
        var loads = 0
        var rejections = 0
        /// Reservations that nobody ended.
        var expiredHolds = 0
        /// Provider name to the reason why it cannot be called.
        var providerFaults: [String: String] = [:]
        var providers: [String] = []
    }

    private let values = Mutex(Values())

    /// As of now: a database that has been silent for long counts as away, though no call to it has failed yet.
    var current: Values {
        var values = values.withLock { $0 }
        if WallClock.monotonicNanoseconds - values.databaseAnsweredAt > Self.silenceMax { values.isDatabaseReachable = false }
        return values
    }

    /// Nanoseconds; longer than it takes to load a large configuration.
    private static let silenceMax: Int64 = 10_000_000_000

    func update(_ change: (inout Values) -> Void) { values.withLock { change(&$0) } }

    /// What keeps the gateway from serving; a database that is away does not, once a revision is enforced.
    var faults: [String] {
        values.withLock { values in
            values.revision == nil ? [values.waitingFor ?? "no revision is enforced yet"] : []
        }
    }
}
