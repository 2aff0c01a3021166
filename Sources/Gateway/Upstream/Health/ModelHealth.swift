internal import Synchronization

/// What is known of one model at its provider: until when the provider has asked to be left alone with it. All loops share
/// it; it outlives revisions.
final class ModelHealth: Sendable {
    private let busyUntil = Atomic<Int64>(0)

    /// A provider that asks for more is asked again all the same, since it may have meant one key or one size.
    static let longestNanoseconds: Int64 = 300_000_000_000

    /// Whether the provider has said no such thing, or the time is over. Nanoseconds of the monotonic clock.
    func admits(now: Int64) -> Bool { now >= busyUntil.load(ordering: .relaxed) }

    func noteBusy(for nanoseconds: Int64, now: Int64) {
        // Never sooner: what one answer asks for is not taken back by the next that asks for less.
        busyUntil.max(now + min(max(0, nanoseconds), Self.longestNanoseconds), ordering: .relaxed)
    }
}
