internal import Glibc
package import Spec

extension Instant {
    /// RFC 3339 with a time of day even at midnight: `2026-11-21T00:00:00Z`.
    package var iso8601: String { text.contains("T") ? text : text + "T00:00:00Z" }

    /// The wall clock.
    package static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
