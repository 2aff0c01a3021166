internal import HTTP
internal import Policy
internal import Synchronization

/// Brings the ledger to where its sums hold all charges of this process up to a generation and none after; confined to the state
/// thread, which asks again and again and waits for nothing.
///
/// Shipping is paused, every loop begins a new generation of charges and says where its journal ends at that moment, and the
/// journals are shipped up to there. Then sums can be read, until `end`.
struct LedgerReading {
    let stop = ShippingStop()
    private let loops: [LoopRemote]
    /// Of the monotonic clock, when it was asked for; nil when it is not.
    private var begun: Int64?
    /// What the sums are to hold all charges of; nil before the loops have begun the next.
    private var wanted: ChargeGeneration?
    private var newest: ChargeGeneration = 0

    enum Outcome {
        /// Ask again in a moment.
        case waiting
        /// Up to this generation.
        case ready(ChargeGeneration)
        /// Not to be had for now.
        case failed
    }

    private final class Ends: Sendable {
        let byLoop = Mutex<[Int: JournalEnd]>([:])
    }

    init(loops: [LoopRemote]) { self.loops = loops }

    var isUnderWay: Bool { begun != nil }

    mutating func advance(unless isStopping: () -> Bool, late: ([Int]) -> Void) -> Outcome {
        let now = WallClock.monotonicNanoseconds
        guard let begun else {
            begun = now
            stop.pause()
            return .waiting
        }
        if stop.isMet {
            if let wanted { return .ready(wanted) }
            guard mark(unless: isStopping, late: late) else { return .failed }
        }
        return now - begun > Self.patienceNanoseconds ? .failed : .waiting
    }

    /// Lets shipping go on.
    mutating func end() {
        stop.release()
        (begun, wanted) = (nil, nil)
    }

    /// False where a loop has no journal.
    private mutating func mark(unless isStopping: () -> Bool, late: ([Int]) -> Void) -> Bool {
        let (ends, next) = (Ends(), newest + 1)
        let round = LoopRound(loops) { loop in
            guard let end = loop.kept(GatewayLoop.self)?.begin(next) else { return }
            ends.byLoop.withLock { $0[end.segment.loop] = end }
        }
        guard round.wait(unless: isStopping, late: late) else { return false }
        (wanted, newest) = (newest, next)
        let byLoop = ends.byLoop.withLock { $0 }
        guard byLoop.count == loops.count else { return false }
        stop.shipUpTo(ShippingStop.Ends(generation: next - 1, ends: byLoop))
        return true
    }

    /// Longer than records take to the disk and to the ledger, unless there are very many of them.
    private static let patienceNanoseconds: Int64 = 3_000_000_000
}
