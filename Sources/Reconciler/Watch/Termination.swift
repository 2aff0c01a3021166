internal import Glibc

/// Waits that SIGTERM and SIGINT end at once.
///
/// The two signals are blocked and taken by `sigtimedwait` (sigtimedwait(2)), so no handler runs and none is lost.
package struct Termination {
    private var signals = sigset_t()
    /// What the kernel says of a descriptor that tells of something (fcntl(2), O_ASYNC).
    private var wakeUps = sigset_t()

    /// How a pause ended.
    enum Ending { case stopped, woken, over }

    /// Blocks the signals in the calling thread, which must be the process's first and still alone; with `more` for `signal` to tell of.
    package init(hearing more: [Int32] = []) {
        sigemptyset(&signals)
        for number in more { sigaddset(&signals, number) }
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        wakeUps = signals
        sigaddset(&wakeUps, SIGIO)
        pthread_sigmask(SIG_BLOCK, &wakeUps, nil)
    }

    /// Waits; true when a signal asked the process to end.
    package func wait(for duration: Duration) -> Bool { Self.next(of: signals, within: duration) > 0 }

    /// Waits for a signal, of those that ask to end or those that are heard besides; nil where none came in time.
    package func signal(within duration: Duration) -> Int32? {
        let number = Self.next(of: signals, within: duration)
        return number > 0 ? number : nil
    }

    /// Waits until something asks to end or to look.
    func pause(for duration: Duration) -> Ending {
        switch Self.next(of: wakeUps, within: duration) {
        case SIGIO: .woken
        case 1...: .stopped
        default: .over
        }
    }

    private static func next(of signals: sigset_t, within duration: Duration) -> Int32 {
        let time = max(duration, .zero).components
        var timeout = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.attoseconds / 1_000_000_000))
        var signals = signals
        return sigtimedwait(&signals, nil, &timeout)
    }
}
