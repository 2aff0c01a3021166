internal import Spec
internal import Store
internal import Synchronization

/// Where the loop posts what other threads may know of it; they never touch its session or its database.
package final class WatchBoard: Sendable {
    /// What stands on the board.
    struct Posting: Sendable {
        var unit = ""
        var leads = false
        /// How the units stood when the database was asked last; nil before the first time.
        var report: StatusReport?
        /// When that was, on the monotonic clock.
        var reportedAt: ContinuousClock.Instant?
        /// What keeps the loop from its work; nil when nothing does.
        var trouble: String?
        var counts = WatchCounts()
        /// The calls by which Git hosts may say that something was pushed.
        var hooks: [PushHook] = []
        /// What must be shown to read the status; nil where none was named, and empty where its file cannot be read, which lets nobody.
        var token: [UInt8]?
    }

    private struct Content {
        var posting = Posting()
        var beat = ContinuousClock.now
        var calls: [HookOutcome: Int] = [:]
    }

    private let content = Mutex(Content())
    let bell: PushBell

    package init(wakes termination: Termination) { bell = PushBell(wakes: termination) }

    // MARK: The loop's side

    /// The loop turns.
    func beat() { content.withLock { $0.beat = .now } }

    func post(_ change: (inout Posting) -> Void) { content.withLock { change(&$0.posting) } }

    // MARK: The other side

    var posting: Posting { content.withLock { $0.posting } }

    /// How long ago the loop turned.
    var silence: Duration { content.withLock { $0.beat }.duration(to: .now) }

    /// Calls of Git hosts by what became of them.
    var calls: [HookOutcome: Int] { content.withLock { $0.calls } }

    func count(_ outcome: HookOutcome) { content.withLock { $0.calls[outcome, default: 0] += 1 } }
}

/// What became of a call by which somebody says that something was pushed.
enum HookOutcome: String, CaseIterable, Sendable {
    /// The loop looks.
    case accepted
    /// It was from the host, and of something else than a push.
    case ignored
    /// It was not signed as the path asks, or was not a call of a Git host at all.
    case refused
    /// It was one too many.
    case throttled
    /// The secret of its path cannot be read.
    case unready
}
