internal import Glibc
internal import HTTP
internal import Spec
internal import Store
internal import Synchronization

/// Gives events to their recipients and sends them, on a thread and with a session of its own, so that nothing that a receiver
/// does holds the reconciler up. Any number may run over one database.
package final class EventSender: Sendable {
    private let thread: LoopThread
    private let hasEnded = Mutex(false)

    private init(thread: LoopThread) { self.thread = thread }

    /// Starts to send; the first connection to the database is made by the thread itself.
    package static func start(
        database: String, secretsFolder: String? = nil, logsJSON: Bool = false, unit: String = ReconcileSession.defaultUnit,
        log: @escaping @Sendable (String) -> Void = { Console.printError($0) }
    ) throws -> EventSender {
        let thread = try LoopThread.start(name: "events") { loop in
            let dispatch = EventDispatch(loop: loop, database: database) { event in
                log(logsJSON ? event.json(at: .now, unit: unit) : event.text(at: .now))
            }
            if let secretsFolder { dispatch.secretsFolder = secretsFolder }
            loop.keep(dispatch)
            dispatch.begin()
        }
        return EventSender(thread: thread)
    }

    /// Lets go of what is under way, which is sent again by whoever comes next, and ends; waits for `patience` at most, as
    /// a database may not answer.
    package func stop(within patience: Duration = .seconds(2)) {
        thread.remote.post { [self] loop in
            loop.kept(EventDispatch.self)?.end()
            hasEnded.withLock { $0 = true }
            loop.stop()
        }
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline, !hasEnded.withLock({ $0 }) { usleep(2_000) }
        if hasEnded.withLock({ $0 }) { thread.join() }
    }
}
