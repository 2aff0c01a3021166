internal import Spec

/// When something ends, kept by the clock that nobody sets.
struct MonotonicEnd {
    /// Nanoseconds of the monotonic clock.
    private var monotonic: Int64
    /// By the machine's clock as it stood when it was last looked at; what requests compare with theirs.
    private(set) var wall: Instant
    /// Over for good.
    private(set) var isOver = false

    /// Milliseconds that two clocks may be apart before one is believed to have been set.
    static let tolerance: Int64 = 1_000
    /// Of about 139 years, as a hand may have written any.
    private static let millisecondsMax: Int64 = 1 << 42

    /// `milliseconds` are left of it.
    init(left milliseconds: Int64, at moment: Moment) {
        let left = min(max(milliseconds, 0), Self.millisecondsMax)
        monotonic = moment.monotonic + left * 1_000_000
        wall = Instant(milliseconds: moment.wall.milliseconds + left)
    }

    /// In milliseconds; negative once it is past.
    func left(at moment: Moment) -> Int64 { (monotonic - moment.monotonic) / 1_000_000 }

    /// Puts it right by what is left now; one that is over stays so.
    mutating func correct(left milliseconds: Int64, at moment: Moment) {
        let fresh = MonotonicEnd(left: milliseconds, at: moment)
        if abs(fresh.left(at: moment) - left(at: moment)) > Self.tolerance { monotonic = fresh.monotonic }
    }

    /// Sees whether it is over, and follows a machine's clock that was set; true where either changes something.
    mutating func look(at moment: Moment) -> Bool {
        if isOver { return false }
        let left = left(at: moment)
        isOver = left <= 0
        let moved = moment.wall.milliseconds + left
        let isSet = abs(moved - wall.milliseconds) > Self.tolerance
        if isSet { wall = Instant(milliseconds: moved) }
        return isOver || isSet
    }
}
