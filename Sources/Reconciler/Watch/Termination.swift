internal import Glibc

/// Waits that SIGTERM and SIGINT end at once.
///
/// The two signals are blocked and taken by `sigtimedwait` (sigtimedwait(2)), so no handler runs and none is lost.
package struct Termination {
    private var signals = sigset_t()

    /// Blocks the signals in the calling thread, which must be the process's first and still alone.
    package init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits; true when a signal asked the process to end.
    package func wait(for duration: Duration) -> Bool {
        let time = max(duration, .zero).components
        var timeout = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.attoseconds / 1_000_000_000))
        var signals = signals
        return sigtimedwait(&signals, nil, &timeout) > 0
    }
}
