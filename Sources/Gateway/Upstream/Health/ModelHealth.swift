internal import Synchronization

/// What is known of one model at its provider: until when the provider has asked to be left alone with it, and how long its answers take. All loops share
/// it; it outlives revisions.
final class ModelHealth: Sendable {
    private let busyUntil = Atomic<Int64>(0)
    /// Nanoseconds of a whole answer, a slowly moving mean; 0 before the first.
    private let answerTime = Atomic<Int64>(0)

    /// A provider that asks for more is asked again all the same, since it may have meant one key or one size.
    static let longestNanoseconds: Int64 = 300_000_000_000

    /// Whether the provider has said no such thing, or the time is over. Nanoseconds of the monotonic clock.
    func admits(now: Int64) -> Bool { now >= busyUntil.load(ordering: .relaxed) }

    /// Until the end of an answer, as seen lately; nil before the first.
    var latency: Duration? {
        let nanoseconds = answerTime.load(ordering: .relaxed)
        return nanoseconds == 0 ? nil : .nanoseconds(nanoseconds)
    }

    /// Two loops at once may lose one of their answers, which such a mean does not miss.
    func noteAnswer(nanoseconds: Int64) {
        let known = answerTime.load(ordering: .relaxed)
        answerTime.store(known == 0 ? max(1, nanoseconds) : known + (nanoseconds - known) / Self.answerShare, ordering: .relaxed)
    }

    private static let answerShare: Int64 = 8

    func noteBusy(for nanoseconds: Int64, now: Int64) {
        // Never sooner: what one answer asks for is not taken back by the next that asks for less.
        busyUntil.max(now + min(max(0, nanoseconds), Self.longestNanoseconds), ordering: .relaxed)
    }
}
