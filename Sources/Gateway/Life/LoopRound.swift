internal import HTTP
internal import Synchronization

/// One thing that every loop is to do, and which of them have not done it yet.
final class LoopRound: Sendable {
    private let left: Mutex<Set<Int>>
    private let wakeup = try? Wakeup()

    /// One loop's part, done when it goes: after its job, or with it when the loop ends before.
    private final class Part: Sendable {
        let round: LoopRound
        let index: Int

        init(_ round: LoopRound, _ index: Int) {
            self.round = round
            self.index = index
        }

        deinit {
            round.left.withLock { _ = $0.remove(index) }
            round.wakeup?.signal()
        }
    }

    /// Has every loop of `loops` do `job` in its next turn.
    init(_ loops: [LoopRemote], _ job: @escaping LoopRemote.Job) {
        left = Mutex(Set(loops.indices))
        for (index, remote) in loops.enumerated() {
            let part = Part(self, index)
            remote.post { loop in withExtendedLifetime(part) { job(loop) } }
        }
    }

    /// Blocks until every loop has done it or has ended, and says so. False once `isGivenUp` does: what a loop has not taken yet is
    /// not in force, so nothing else ends the wait. Calls `late` once with the loops that take long, by their index.
    func wait(unless isGivenUp: () -> Bool, late: ([Int]) -> Void) -> Bool {
        var lateAt = WallClock.monotonicNanoseconds + Self.patienceNanoseconds
        while case let left = left.withLock({ $0 }), !left.isEmpty {
            if isGivenUp() { return false }
            if let wakeup { wakeup.wait(atMost: Self.lookEvery) } else { Pause.take(Self.lookEvery) }
            if WallClock.monotonicNanoseconds > lateAt {
                late(left.sorted())
                lateAt = .max
            }
        }
        return true
    }

    private static let patienceNanoseconds: Int64 = 5_000_000_000
    private static let lookEvery = Duration.milliseconds(20)
}
