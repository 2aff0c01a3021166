internal import Synchronization

/// What the collector is sent: spans and data points.
enum TelemetrySignal: String, Sendable {
    case traces, metrics
}

/// What has become of what was to be exported.
final class TelemetryCounts: Sendable {
    /// Of spans or data points.
    enum Fate: String, CaseIterable, Sendable {
        /// The collector took it.
        case sent
        /// There was no room for it while the collector was waited for.
        case dropped
        /// It was tried for as long as it may be, or the collector will not have it.
        case failed
        /// The collector took the message and said that it left this out.
        case rejected
    }

    /// Of one try at sending a message.
    enum Outcome: String, CaseIterable, Sendable {
        case taken, refused, unanswered
    }

    struct Values: Sendable {
        var items: [TelemetrySignal: [Fate: Int]] = [:]
        var tries: [TelemetrySignal: [Outcome: Int]] = [:]
    }

    private let values = Mutex(Values())

    var current: Values { values.withLock { $0 } }

    func count(_ signal: TelemetrySignal, _ fate: Fate, _ items: Int) {
        guard items > 0 else { return }
        values.withLock { $0.items[signal, default: [:]][fate, default: 0] += items }
    }

    func count(_ signal: TelemetrySignal, _ outcome: Outcome) {
        values.withLock { $0.tries[signal, default: [:]][outcome, default: 0] += 1 }
    }
}
