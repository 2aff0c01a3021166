/// A moment of the monotonic clock: good for differences and deadlines, meaningless across machines and restarts.
package struct MonotonicInstant: Comparable, Hashable, Sendable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than every deadline.
    package static let never = MonotonicInstant(nanoseconds: .max)

    package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package static func - (left: MonotonicInstant, right: MonotonicInstant) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }

    /// The moment `duration` later, or `never` when that lies beyond the clock.
    package static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.inNanoseconds)
        return overflow ? .never : MonotonicInstant(nanoseconds: sum)
    }
}

extension Duration {
    /// The whole duration in nanoseconds, held to what fits.
    package var inNanoseconds: Int64 {
        // Every timer that is set comes through here: one division instead of those of `components`.
        Int64(clamping: attoseconds / 1_000_000_000)
    }
}
