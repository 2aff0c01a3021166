internal import Glibc
internal import Synchronization

/// By which other threads have the loop look at the repository now; it may be rung at any time and as often as anybody likes.
final class PushBell: Sendable {
    private let isRung = Atomic(false)

    /// `wakes` shows that the signal by which a resting loop is woken is blocked; unblocked it would end the process.
    init(wakes _: Termination) {}

    func ring() {
        // A loop that was told and has not looked yet needs no second signal.
        if !isRung.exchange(true, ordering: .acquiringAndReleasing) { kill(getpid(), SIGIO) }
    }

    /// Whether it was rung since it was asked last.
    func take() -> Bool { isRung.exchange(false, ordering: .acquiringAndReleasing) }
}

/// When hints let the loop look: at once, and at most once in a while, however many come; a value.
struct HintPace {
    /// Between the looks at which two hints are heeded. A look at a remote costs it a connection.
    static let pauseMin = Duration.milliseconds(500)

    /// When to look for the sake of a hint; nil where there is none.
    private(set) var due: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    mutating func hinted(at now: ContinuousClock.Instant) {
        due = due ?? last.map { max(now, $0 + Self.pauseMin) } ?? now
    }

    /// A look begins, for whatever reason; answers whether a hint was waiting for it.
    mutating func look(at now: ContinuousClock.Instant) -> Bool {
        guard due != nil else { return false }
        (due, last) = (nil, now)
        return true
    }
}
