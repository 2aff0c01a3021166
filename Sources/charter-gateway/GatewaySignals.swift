import Glibc

/// The signals that a gateway is steered by, taken by waiting for them; SIGPIPE does nothing.
struct GatewaySignals {
    enum Signal: String {
        case terminate = "SIGTERM"
        case interrupt = "SIGINT"
        case reload = "SIGHUP"
        case replace = "SIGUSR2"
    }

    private var set = sigset_t()

    /// Blocks the signals for this thread and those that it starts.
    init() {
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR2] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// The next signal; nil when none comes within `duration`.
    func wait(atMost duration: Duration) -> Signal? {
        var waited = set
        var bound = timespec()
        bound.tv_sec = Int(duration.components.seconds)
        bound.tv_nsec = Int(duration.components.attoseconds / 1_000_000_000)
        switch sigtimedwait(&waited, nil, &bound) {
        case SIGTERM: return .terminate
        case SIGINT: return .interrupt
        case SIGHUP: return .reload
        case SIGUSR2: return .replace
        default: return nil
        }
    }
}
