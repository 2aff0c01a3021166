internal import Glibc

/// Lets the calling thread rest where nothing can wake it.
enum Pause {
    static func take(_ duration: Duration) {
        var time = timespec()
        time.tv_sec = Int(duration.components.seconds)
        time.tv_nsec = Int(duration.components.attoseconds / 1_000_000_000)
        nanosleep(&time, nil)
    }
}
