internal import Synchronization

/// When a loop last turned; written by it, read by whoever watches over it.
final class LoopPulse: Sendable {
    private let beatAt = Atomic<Int64>(WallClock.monotonicNanoseconds)

    func beat(at nanoseconds: Int64) { beatAt.store(nanoseconds, ordering: .relaxed) }

    /// Nanoseconds since.
    var age: Int64 { WallClock.monotonicNanoseconds - beatAt.load(ordering: .relaxed) }
}
