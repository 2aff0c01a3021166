internal import HTTP
internal import Spec

/// One moment by both of this machine's clocks.
struct Moment {
    /// Nanoseconds; it never goes back, whoever sets the machine's time.
    var monotonic: Int64
    var wall: Instant

    static var now: Moment { Moment(monotonic: WallClock.monotonicNanoseconds, wall: WallClock.now) }
}
