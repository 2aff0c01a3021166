import Glibc

/// SIGTERM and SIGINT, taken by waiting for them; SIGHUP and SIGPIPE do nothing.
struct StopSignals {
    private var set = sigset_t()

    /// Blocks the signals for this thread and those that it starts.
    init() {
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
    }

    /// The name of the first signal to come.
    func wait() -> String {
        var waited = set
        var number: Int32 = 0
        while sigwait(&waited, &number) != 0 {}
        return number == SIGTERM ? "SIGTERM" : "SIGINT"
    }
}
