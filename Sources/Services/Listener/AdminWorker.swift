internal import Store
internal import Synchronization

/// What one call at a time is carried out with.
final class AdminWorker: Sendable {
    private let settings: AdminSettings
    private let ending: AdminEnding
    private let connection = Mutex<Connection?>(nil)

    init(_ settings: AdminSettings, _ ending: AdminEnding) { (self.settings, self.ending) = (settings, ending) }

    /// Connects with the first call. A session that is lost is opened anew by the next transaction.
    func carryOut(_ request: AdminRequest, _ api: AdminAPI) -> AdminOutcome {
        connection.withLock { held in
            api.carryOut(request) {
                if let held { return held }
                let fresh = try Connection(settings.database)
                fresh.timeoutMax = settings.statementMax
                fresh.goesOnWaiting = { [ending] in !ending.isDue }
                try Migrations.check(fresh)
                held = fresh
                return fresh
            }
        }
    }
}

/// Tells calls that wait for PostgreSQL that nobody waits for them any more. From any thread.
final class AdminEnding: Sendable {
    private let flag = Atomic(false)

    var isDue: Bool { flag.load(ordering: .relaxed) }

    func begin() { flag.store(true, ordering: .relaxed) }
}
