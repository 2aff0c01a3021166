internal import HTTP
internal import Synchronization

/// Carries out deny calls off the loops, one after the other: a denial is in force on every loop before its caller is answered.
final class DenyThread: Sendable {
    typealias Job = @Sendable () -> Void

    private let thread: WorkerThread
    private let jobs = Mutex<[Job]>([])

    /// More would be a flood; whoever has the token tries again.
    private static let jobsMax = 64

    init() throws(DiskFault) { thread = try WorkerThread() }

    func start() {
        thread.start(name: "gateway-deny") { [self] thread in
            while !thread.isStopping {
                let waiting = jobs.withLock { jobs in
                    defer { jobs = [] }
                    return jobs
                }
                for job in waiting { job() }
                if waiting.isEmpty { thread.sleep(.seconds(3_600)) }
            }
        }
    }

    /// False where too many wait.
    func post(_ job: @escaping Job) -> Bool {
        let isTaken = jobs.withLock { jobs in
            guard jobs.count < Self.jobsMax else { return false }
            jobs.append(job)
            return true
        }
        if isTaken { thread.wake() }
        return isTaken
    }

    var isStopping: Bool { thread.isStopping }

    func stop() {
        thread.stop()
        thread.join()
    }
}
