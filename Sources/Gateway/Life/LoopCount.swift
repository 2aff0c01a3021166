internal import HTTP
internal import Synchronization

/// Has every loop do something, and knows when all have.
final class LoopCount: Sendable {
    private let left = Mutex(0)
    private let wakeup = try? Wakeup()

    /// One loop's part, counted as done when it goes: after its job, or with it when the loop ends before.
    private final class Part: Sendable {
        let count: LoopCount

        init(of count: LoopCount) {
            self.count = count
            count.left.withLock { $0 += 1 }
        }

        deinit {
            count.left.withLock { $0 -= 1 }
            count.wakeup?.signal()
        }
    }

    func post(to remote: LoopRemote, _ job: @escaping LoopRemote.Job) {
        let part = Part(of: self)
        remote.post { loop in withExtendedLifetime(part) { job(loop) } }
    }

    /// Blocks until every loop has done it or has ended; calls `late` once when that takes long. Never gives up: what a loop has
    /// not taken yet is not in force.
    func wait(late: () -> Void = {}) {
        var lateAt = WallClock.monotonicNanoseconds + Self.patienceNanoseconds
        while left.withLock({ $0 > 0 }) {
            if let wakeup { wakeup.wait(atMost: Self.lookEvery) } else { Pause.take(Self.lookEvery) }
            if WallClock.monotonicNanoseconds > lateAt {
                late()
                lateAt = .max
            }
        }
    }

    private static let patienceNanoseconds: Int64 = 5_000_000_000
    private static let lookEvery = Duration.milliseconds(20)
}
