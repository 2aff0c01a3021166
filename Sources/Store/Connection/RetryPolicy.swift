internal import Glibc

/// How often and how patiently a transaction that lost against another is run again.
package struct RetryPolicy: Sendable {
    /// Runs in all, the first included.
    package var attempts: Int
    /// The longest pause after the first run; it doubles with each further one, up to `pauseMax`.
    package var pause: Duration
    package var pauseMax: Duration

    package init(attempts: Int, pause: Duration, pauseMax: Duration) {
        self.attempts = attempts
        self.pause = pause
        self.pauseMax = pauseMax
    }

    /// About a second in all before the error is passed on.
    package static let standard = RetryPolicy(attempts: 10, pause: .milliseconds(5), pauseMax: .milliseconds(250))

    /// For what cannot be repeated.
    package static let once = RetryPolicy(attempts: 1, pause: .zero, pauseMax: .zero)

    /// Blocks for a random part of the bound, so that two losers do not meet again.
    func pause(after attempt: Int) {
        let bound = min(pauseMax, pause * (1 << min(attempt - 1, 16)))
        let chosen = bound * Double.random(in: 0...1)
        var left = timespec(
            tv_sec: Int(chosen.components.seconds), tv_nsec: Int(chosen.components.attoseconds / 1_000_000_000))
        var asked = left
        while nanosleep(&asked, &left) != 0, errno == EINTR { asked = left }
    }
}
