internal import Synchronization

/// The part of a loop that other threads may hold: a mailbox that wakes it.
package final class LoopRemote: Sendable {
    package typealias Job = @Sendable (EventLoop) -> Void

    private struct Mailbox {
        var jobs: [Job] = []
        var isClosed = false
    }

    private let mailbox = Mutex(Mailbox())
    private let wakeUp: WakeUp

    init() throws(SystemError) { wakeUp = try WakeUp() }

    /// Runs `job` on the loop's thread, in the order of posting. A loop that has ended runs nothing more; then the
    /// answer is false. May be called from any thread.
    @discardableResult
    package func post(_ job: @escaping Job) -> Bool {
        let (accepted, isFirst) = mailbox.withLock { mailbox in
            if mailbox.isClosed { return (false, false) }
            mailbox.jobs.append(job)
            return (true, mailbox.jobs.count == 1)
        }
        if isFirst { wakeUp.signal() }
        return accepted
    }

    var descriptor: Int32 { wakeUp.descriptor }

    func takeJobs() -> [Job] {
        wakeUp.clear()
        return mailbox.withLock { mailbox in
            defer { mailbox.jobs = [] }
            return mailbox.jobs
        }
    }

    func close() {
        mailbox.withLock { mailbox in
            mailbox.isClosed = true
            mailbox.jobs = []
        }
    }
}
