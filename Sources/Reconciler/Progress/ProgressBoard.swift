internal import Synchronization

/// What this process does now and how far it is: told by the code that does the work, whether or not somebody looks.
package enum ProgressBoard {
    /// What takes long enough to be told of.
    package enum Phase: Sendable {
        case fetching, reading, checking, loading, comparing, judging, applying, looking, importing, exporting, writing, adding, connecting, waiting, migrating
        /// Rows of the ledger for whoever bills.
        case billing
        /// The same, to book what they should have cost.
        case repricing

        /// In front of the count of `noun`.
        var verb: String {
            switch self {
            case .fetching: "Fetching"
            case .reading: "Reading"
            case .checking: "Checking"
            case .loading: "Loading"
            case .comparing: "Comparing"
            case .judging: "Judging"
            case .applying: "Applying"
            case .looking: "Looking into"
            case .importing: "Importing"
            case .exporting: "Exporting"
            case .writing: "Writing"
            case .adding: "Adding up"
            case .connecting, .waiting: "Waiting for"
            case .migrating: "Migrating"
            case .billing: "Exporting"
            case .repricing: "Pricing"
            }
        }

        var noun: String {
            switch self {
            case .fetching: "the repository"
            case .reading, .checking, .writing: "files"
            case .loading: "what is applied"
            case .comparing, .exporting, .applying: "resources"
            case .judging: "the plan"
            case .looking: "the past"
            case .importing: "models"
            case .adding: "the rows"
            case .connecting: "the database"
            case .waiting: "the condition"
            case .migrating: "the schema"
            case .billing, .repricing: "rows of the ledger"
            }
        }
    }

    /// One moment of it.
    package struct Standing: Hashable, Sendable {
        package var phase: Phase
        package var done = 0
        /// Nil where nobody knows it.
        package var total: Int?
        package var since: ContinuousClock.Instant

        package init(_ phase: Phase, done: Int = 0, of total: Int? = nil, since: ContinuousClock.Instant) {
            (self.phase, self.done, self.total, self.since) = (phase, done, total, since)
        }
    }

    /// How many are done before it is worth telling.
    static let batch = 1000

    private static let standing = Mutex<Standing?>(nil)

    /// Nil before the first phase.
    static var now: Standing? { standing.withLock { $0 } }

    /// Ends the phase before.
    package static func begin(_ phase: Phase, of total: Int? = nil) {
        standing.withLock { $0 = Standing(phase, of: total, since: .now) }
    }

    /// From any thread, and for many at once.
    package static func advance(by count: Int) { standing.withLock { $0?.done += count } }
}
