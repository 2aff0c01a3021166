import Glibc

/// The machine's monotonic clock, in nanoseconds; the same for every process.
enum Clock {
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * nanosecondsPerSecond + time.tv_nsec
    }

    static let nanosecondsPerSecond = 1_000_000_000
    static let nanosecondsPerMillisecond = 1_000_000
}
