internal import Glibc
internal import Synchronization

/// A thread for work that blocks: it sleeps until a time or a wake, and is asked, never forced, to end.
package final class WorkerThread: Sendable {
    private let wakeup: Wakeup
    private let stopping = Atomic<Bool>(false)
    private let handle = Mutex<pthread_t?>(nil)
    private let hasEnded = Atomic<Bool>(false)
    private let end: Wakeup

    init() throws(DiskFault) {
        wakeup = try Wakeup()
        end = try Wakeup()
    }

    /// Whether `stop` was called: the work should end with its next round.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Starts the thread, which ends when `work` returns; `name` is what `top -H` shows. False where the system has no thread to give.
    @discardableResult
    func start(name: String, _ work: @escaping @Sendable (WorkerThread) -> Void) -> Bool {
        let body = ThreadBody { [self] in
            nameCurrentThread(name)
            work(self)
            hasEnded.store(true, ordering: .releasing)
            end.signal()
        }
        let retained = Unmanaged.passRetained(body)
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { raw in
            guard let raw else { return nil }
            Unmanaged<ThreadBody>.fromOpaque(raw).takeRetainedValue().run()
            return nil
        }, retained.toOpaque())
        guard code == 0 else {
            retained.release()
            return false
        }
        handle.withLock { $0 = thread }
        return true
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
        guard let thread = takeHandle() else { return }
        pthread_join(thread, nil)
    }

    /// Waits for at most `patience`; false for a thread that is still busy then, and is left to itself.
    func join(within patience: Duration) -> Bool {
        guard let thread = takeHandle() else { return true }
        if !hasEnded.load(ordering: .acquiring) { end.wait(atMost: patience) }
        guard hasEnded.load(ordering: .acquiring) else {
            pthread_detach(thread)
            return false
        }
        pthread_join(thread, nil)
        return true
    }

    /// Has `join(within:)` wait no longer.
    func abandon() { end.signal() }

    private func takeHandle() -> pthread_t? {
        handle.withLock { held in
            defer { held = nil }
            return held
        }
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
