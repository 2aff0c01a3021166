internal import Synchronization

/// Opens after failures in a row and stays open for a pause; then lets one request at a time through until one succeeds.
///
/// All loops share it. Asking it and telling it of a success after a success read atomics alone; only failures and what
/// follows them take a lock, for the length of a few comparisons.
final class FailureBreaker: Sendable {
    /// When it opens and for how long, in nanoseconds.
    struct Terms: Hashable, Sendable {
        let failures: Int
        let within: Int64
        let pause: Int64

        init(failures: Int, within: Int64, pause: Int64) {
            self.failures = failures
            self.within = min(within, Self.longest)
            self.pause = min(pause, Self.longest)
        }

        /// A century: a time may be added to it.
        private static let longest: Int64 = 100 * 366 * 86_400 * 1_000_000_000
    }

    enum Standing: Equatable {
        case closed
        /// For so many nanoseconds more.
        case open(Int64)
        /// The pause is over, and no request has succeeded since.
        case halfOpen
    }

    let terms: Terms
    /// When the last failures happened, the oldest first, none of them before the last success.
    private let failures = Mutex<[Int64]>([])
    private let hasFailures = Atomic<Bool>(false)
    /// 0 while closed.
    private let openedAt = Atomic<Int64>(0)
    /// Until when the next request through a half-open breaker has to wait for the one before.
    private let probeUntil = Atomic<Int64>(0)
    private let openings = Atomic<Int>(0)

    /// How often one request is let through while half open, in nanoseconds.
    static let probeInterval: Int64 = 1_000_000_000

    init(_ terms: Terms) { self.terms = terms }

    /// How often it has opened.
    var openingCount: Int { openings.load(ordering: .relaxed) }

    func standing(now: Int64) -> Standing {
        let opened = openedAt.load(ordering: .acquiring)
        if opened == 0 { return .closed }
        let left = opened + terms.pause - now
        return left > 0 ? .open(left) : .halfOpen
    }

    /// Whether a request may come in its usual place. Half open, one may every `probeInterval`, counted from the last that
    /// `noteTried` was told of.
    func admits(now: Int64) -> Bool {
        switch standing(now: now) {
        case .closed: true
        case .open: false
        case .halfOpen: now >= probeUntil.load(ordering: .relaxed)
        }
    }

    /// A request goes through now; while half open the next has to wait.
    func noteTried(now: Int64) {
        guard openedAt.load(ordering: .relaxed) != 0 else { return }
        probeUntil.max(now + Self.probeInterval, ordering: .relaxed)
    }

    /// A request sent at `sent` succeeded; true when that closed the breaker.
    func succeeded(sent: Int64) -> Bool {
        guard hasFailures.load(ordering: .acquiring) else { return false }
        return failures.withLock { failures in
            let opened = openedAt.load(ordering: .relaxed)
            // One that was sent before the breaker opened says nothing about the time since.
            guard opened == 0 || sent >= opened else { return false }
            failures = []
            hasFailures.store(false, ordering: .releasing)
            openedAt.store(0, ordering: .releasing)
            return opened != 0
        }
    }

    /// A request sent at `sent` has failed at `now`; true when that opened the breaker, or opened it again.
    func failed(sent: Int64, now: Int64) -> Bool {
        failures.withLock { failures in
            let opened = openedAt.load(ordering: .relaxed)
            if opened != 0 {
                guard sent >= opened + terms.pause else { return false }
            } else {
                failures.removeAll { $0 < now - terms.within }
                failures.append(now)
                hasFailures.store(true, ordering: .releasing)
                guard failures.count >= terms.failures else { return false }
                failures = []
            }
            openedAt.store(now, ordering: .releasing)
            openings.add(1, ordering: .relaxed)
            return true
        }
    }
}
