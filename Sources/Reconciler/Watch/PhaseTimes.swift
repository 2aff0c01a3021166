internal import HTTP

/// What the loop spends its time with.
enum WatchPhase: String, CaseIterable, Sendable {
    /// Asking a remote, in a process of its own.
    case fetch
    /// Reading a commit's files and checking them as a whole.
    case validate
    /// Comparing with what is applied, and judging the difference.
    case plan
    /// The transaction that writes, comparing and judging included.
    case apply
}

/// How long each phase took, since somebody took the times away; confined to one thread.
final class PhaseTimes {
    private var taken: [(WatchPhase, Double)] = []

    /// Keeps the time of what succeeds and of what fails.
    func measure<Value>(_ phase: WatchPhase, _ work: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer { add(phase, since: start) }
        return try work()
    }

    /// Of what began at `start` and ends now.
    func add(_ phase: WatchPhase, since start: ContinuousClock.Instant) {
        taken.append((phase, start.duration(to: .now) / .seconds(1)))
    }

    func take() -> [(WatchPhase, Double)] {
        defer { taken = [] }
        return taken
    }
}

/// What a loop did since it began.
struct WatchCounts: Sendable {
    /// By the event's name.
    var events: [String: Int] = [:]
    var fetchErrors = 0
    var durations: [WatchPhase: Histogram] = [:]

    mutating func add(_ times: [(WatchPhase, Double)]) {
        for (phase, seconds) in times { durations[phase, default: Histogram(bounds: Self.bounds)].observe(seconds) }
    }

    /// From 1 ms to 32 s, each twice the one before.
    static let bounds = (0..<16).map { 0.001 * Double(1 << $0) }
}
