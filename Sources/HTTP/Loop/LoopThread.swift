internal import Dispatch
internal import Glibc
internal import Synchronization

/// A thread that runs one event loop.
package final class LoopThread: Sendable {
    /// How other threads reach the loop.
    package let remote: LoopRemote
    private let thread: pthread_t
    private let isJoined = Atomic(false)
    /// Left when the loop has ended.
    private let running: DispatchGroup

    private init(remote: LoopRemote, thread: pthread_t, running: DispatchGroup) {
        self.remote = remote
        self.thread = thread
        self.running = running
    }

    /// Starts a thread, makes its loop, and runs `setUp` on it. Returns once `setUp` has; what it throws is thrown here
    /// and the thread ends. `name` is cut to the 15 bytes that Linux keeps.
    @discardableResult
    package static func start(
        name: String, setUp: @escaping @Sendable (EventLoop) throws -> Void
    ) throws -> LoopThread {
        let start = LoopStart(name: name, setUp: setUp)
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(start).toOpaque()
        let code = pthread_create(&thread, nil, { argument in
            if let argument { Unmanaged<LoopStart>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }, argument)
        guard code == 0 else {
            Unmanaged<LoopStart>.fromOpaque(argument).takeRetainedValue().giveUp()
            throw SystemError(code, call: "pthread_create")
        }
        do {
            return LoopThread(remote: try start.outcome(), thread: thread, running: start.running)
        } catch {
            pthread_join(thread, nil)
            throw error
        }
    }

    /// Asks the loop to end after its present turn.
    package func stop() { remote.post { $0.stop() } }

    /// Waits until the thread has ended. Not from the loop itself.
    package func join() {
        if isJoined.exchange(true, ordering: .relaxed) { return }
        pthread_join(thread, nil)
    }

    /// Waits for at most `patience`; false for a loop that goes on then, and may be waited for again. Not from the loop itself.
    package func join(within patience: Duration) -> Bool {
        let (seconds, attoseconds) = patience.components
        let nanoseconds = DispatchTimeInterval.nanoseconds(Int(attoseconds / 1_000_000_000))
        guard running.wait(timeout: .now() + .seconds(Int(seconds)) + nanoseconds) == .success else { return false }
        join()
        return true
    }
}

/// What a starting thread needs, and how it tells that it has started.
private final class LoopStart: Sendable {
    private let name: String
    private let setUp: @Sendable (EventLoop) throws -> Void
    private let started = DispatchGroup()
    let running = DispatchGroup()
    private let result = Mutex<Result<LoopRemote, any Error>?>(nil)

    init(name: String, setUp: @escaping @Sendable (EventLoop) throws -> Void) {
        self.name = name
        self.setUp = setUp
        started.enter()
        running.enter()
    }

    func run() {
        defer { running.leave() }
        ThreadName.set(name)
        guard let loop = makeLoop() else { return }
        loop.run()
    }

    /// Instead of `run`, where there is no thread: a group that is still waited for may not go.
    func giveUp() {
        started.leave()
        running.leave()
    }

    func outcome() throws -> LoopRemote {
        started.wait()
        guard let outcome = result.withLock({ $0 }) else { throw SystemError(ECANCELED, call: "pthread_create") }
        return try outcome.get()
    }

    private func makeLoop() -> EventLoop? {
        defer { started.leave() }
        do {
            let loop = try EventLoop()
            try setUp(loop)
            result.withLock { $0 = .success(loop.remote) }
            return loop
        } catch {
            result.withLock { $0 = .failure(error) }
            return nil
        }
    }
}
