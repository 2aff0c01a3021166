internal import Synchronization

/// Counts the loops that have done something.
final class LoopCount: Sendable {
    private let left: Mutex<Int>
    private let wakeup: Wakeup?

    init(_ count: Int) {
        left = Mutex(count)
        wakeup = try? Wakeup()
    }

    func done() {
        left.withLock { $0 -= 1 }
        wakeup?.signal()
    }

    /// Bounded: a loop that is ending does nothing any more.
    func wait() {
        let end = WallClock.monotonicNanoseconds + Self.nanosecondsMax
        while left.withLock({ $0 > 0 }), WallClock.monotonicNanoseconds < end {
            wakeup?.wait(atMost: .milliseconds(20))
        }
    }

    private static let nanosecondsMax: Int64 = 5_000_000_000
}
