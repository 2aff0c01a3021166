internal import Glibc
internal import Synchronization

/// A thread for work that blocks: it sleeps until a time or a wake, and is asked, never forced, to end.
package final class WorkerThread: Sendable {
    private let wakeup: Wakeup
    private let stopping = Atomic<Bool>(false)
    private let handle = Mutex<pthread_t?>(nil)

    init() throws(DiskFault) {
        wakeup = try Wakeup()
    }

    /// Whether `stop` was called: the work should end with its next round.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Starts the thread, which ends when `work` returns; `name` is what `top -H` shows.
    func start(name: String, _ work: @escaping @Sendable (WorkerThread) -> Void) {
        let body = ThreadBody { [self] in
            nameCurrentThread(name)
            work(self)
        }
        let argument = Unmanaged.passRetained(body).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { raw in
            guard let raw else { return nil }
            Unmanaged<ThreadBody>.fromOpaque(raw).takeRetainedValue().run()
            return nil
        }, argument)
        if code == 0 { handle.withLock { $0 = thread } }
    }

    /// Waits for `duration`, a wake or the stop; called by the thread itself.
    func sleep(_ duration: Duration) {
        if !isStopping { wakeup.wait(atMost: duration) }
    }

    /// Ends the current sleep early.
    func wake() { wakeup.signal() }

    /// Asks the work to finish.
    package func stop() {
        stopping.store(true, ordering: .releasing)
        wakeup.signal()
    }

    /// Waits until the thread has ended; call once, from another thread.
    package func join() {
        guard let thread = handle.withLock({ held in let thread = held; held = nil; return thread }) else { return }
        pthread_join(thread, nil)
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Glibc's own declaration of `pthread_setname_np` is hidden from Swift; writing the thread's comm file does the same.
private func nameCurrentThread(_ name: String) {
    let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = name.withCString { write(descriptor, $0, strlen($0)) }
}
