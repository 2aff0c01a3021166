internal import Store
internal import Synchronization

/// Ships the running process's journal to PostgreSQL from a thread of its own.
final class LedgerShipper: Sendable {
    private let directory: JournalDirectory
    private let epoch: Int64
    private let loops: Int
    private let database: String
    private let health: JournalHealth
    private let log: Log
    private let thread: WorkerThread
    private let progress = Mutex(Progress())

    /// For the metrics.
    struct Progress {
        var attempts = 0
        var batches = 0
        var failures = 0
        var isConnected = false
        /// Attempts read as opened and not as settled.
        var unsettled = 0
        var fault: String?
    }

    init(
        directory: JournalDirectory, epoch: Int64, loops: Int, database: String, health: JournalHealth, log: Log
    ) throws(DiskFault) {
        self.directory = directory
        self.epoch = epoch
        self.loops = loops
        self.database = database
        self.health = health
        self.log = log
        thread = try WorkerThread()
    }

    var state: Progress { progress.withLock { $0 } }

    func start() {
        thread.start(name: "ledger-ship") { [self] thread in run(thread) }
    }

    /// Ships what is left and ends the thread. The loops' writers must have ended. While PostgreSQL is away it gives up
    /// after one try, and when it does not answer within `patience`: the next start ships the rest.
    func drain(within patience: Duration) {
        thread.stop()
        if !thread.join(within: patience) { log.warning("usage waits in the journal", ["reason": "the database does not answer"]) }
    }

    /// Ends the wait of `drain`.
    func abandon() { thread.abandon() }

    private func run(_ thread: WorkerThread) {
        var followers: [LoopFollower] = []
        var held: [ShipBatch] = []
        var connection: Connection?
        var pause = Self.interval
        var upkeep = LedgerUpkeep(log: log)
        var wasFull = false
        while true {
            let isLast = thread.isStopping
            do {
                let target = ShippingTarget(connection: try connection ?? Connection(database))
                connection = target.connection
                try shipAll(&followers, &held, target)
                pause = Self.interval
                if isLast { removeEverything(&followers) } else { upkeep.run(target.connection) }
            } catch {
                failed(error)
                pause = min(pause * 2, Self.intervalMax)
            }
            tell(&wasFull)
            // After a failure the journal stays as it is, for whoever recovers it.
            if isLast { return }
            thread.sleep(pause)
        }
    }

    private func shipAll(_ followers: inout [LoopFollower], _ held: inout [ShipBatch], _ target: ShippingTarget) throws {
        if followers.count < loops { try followNewLoops(&followers) }
        for index in followers.indices {
            while let batch = try held.popLast() ?? followers[index].next() {
                // Kept until it is booked: the follower hands out every stretch once.
                held = [batch]
                try target.ship(batch)
                held = []
                progress.withLock { $0.attempts += batch.attempts.count; $0.batches += 1 }
            }
            for segment in try followers[index].takeFinished() { health.shrank(by: try directory.remove(segment)) }
        }
        let unsettled = followers.reduce(0) { $0 + $1.unsettledCount }
        progress.withLock { $0.isConnected = true; $0.fault = nil; $0.unsettled = unsettled }
    }

    /// A loop that could not open its journal at once is followed from when it has.
    private func followNewLoops(_ followers: inout [LoopFollower]) throws(DiskFault) {
        let known = Set(followers.compactMap(\.loop))
        let segments = Dictionary(grouping: try directory.segments(epoch: epoch), by: \.loop)
        for (loop, ofLoop) in segments where !known.contains(loop) {
            followers.append(
                LoopFollower(directory: directory, segments: ofLoop, isDead: false, watermarks: [:]))
        }
    }

    private func removeEverything(_ followers: inout [LoopFollower]) {
        for index in followers.indices where followers[index].unsettledCount == 0 {
            for segment in followers[index].takeAll() { _ = try? directory.remove(segment) }
        }
        directory.removeEpoch(epoch)
    }

    private func tell(_ wasFull: inout Bool) {
        let isFull = health.isFull
        defer { wasFull = isFull }
        guard isFull != wasFull else { return }
        let bytes = ["bytes": String(health.bytes)]
        if isFull { log.error("the journal is full: nothing is served that a budget bounds", bytes) } else { log.note("the journal has room again", bytes) }
    }

    private func failed(_ error: any Error) {
        let text = "\(error)"
        let isNew = progress.withLock { progress in
            progress.failures += 1
            progress.isConnected = false
            defer { progress.fault = text }
            return progress.fault != text
        }
        if isNew { log.warning("usage waits in the journal", ["reason": text]) }
    }

    /// How long usage may wait for its transaction.
    private static let interval = Duration.milliseconds(100)
    /// The longest pause while PostgreSQL is away.
    private static let intervalMax = Duration.seconds(5)
}
