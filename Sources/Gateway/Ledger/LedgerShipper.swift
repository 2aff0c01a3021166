internal import Store
internal import Synchronization

/// Ships the journal to PostgreSQL from a thread of its own: what earlier processes left, and what the running one writes.
final class LedgerShipper: Sendable {
    private let source: Source
    private let database: String
    private let thread: WorkerThread
    private let progress = Mutex(Progress())
    private let unwritten = Mutex<[UnwrittenRecords]>([])

    /// Whose journal it is.
    struct Source: Sendable {
        var directory: JournalDirectory
        var epoch: Int64
        var loops: Int
        var gatewayID: String
        var health: JournalHealth
        var log: Log
        var disk = JournalDisk()
        var stop = ShippingStop()
        /// The epoch of the process before this one, while that still writes its journal.
        var living: @Sendable () -> Int64? = { nil }
    }

    /// For the metrics, and for who waits for what earlier processes left.
    struct Progress {
        var attempts = 0
        var batches = 0
        var failures = 0
        /// Rows that PostgreSQL will not take.
        var refused = 0
        var isConnected = false
        /// Attempts read as opened and not as settled.
        var unsettled = 0
        /// Settlements that could not be booked.
        var unmatched = 0
        /// How often everything was booked that others had left.
        var recoveries = 0
        var fault: String?

        mutating func add(_ booked: ShippingTarget.Booked) {
            attempts += booked.settled + booked.estimated
            batches += 1
            refused += booked.refused
        }
    }

    init(_ source: Source, database: String) throws(DiskFault) {
        self.source = source
        self.database = database
        thread = try WorkerThread()
    }

    var state: Progress { progress.withLock { $0 } }

    func start() {
        thread.start(name: "ledger-ship") { [self] thread in run(thread) }
    }

    /// Takes what a loop that has ended could not write; call before `drain`.
    func take(_ rest: UnwrittenRecords) { unwritten.withLock { $0.append(rest) } }

    /// Ships what is left and ends the thread. The loops' writers must have ended. While PostgreSQL is away it gives up
    /// after one try, and when it does not answer within `patience`: the next start ships the rest.
    func drain(within patience: Duration) {
        thread.stop()
        let hasEnded = thread.join(within: patience)
        if !hasEnded { source.log.warning("usage waits in the journal", ["reason": "the database does not answer"]) }
        for rest in unwritten.withLock({ $0 }) {
            hasEnded ? source.log.lost(rest, "neither the disk nor the database took it") : source.log.maybeLost(rest)
        }
    }

    /// Ends the wait of `drain`.
    func abandon() { thread.abandon() }

    private func run(_ thread: WorkerThread) {
        var shipment = Shipment(source, progress: { [self] in noted($0) })
        var connection: Connection?
        var pause = Self.interval
        var upkeep = LedgerUpkeep(log: source.log)
        var wasFull = false
        while true {
            let isLast = thread.isStopping
            var hasMore = false
            do {
                let target = ShippingTarget(
                    connection: try connection ?? Connection(database), refused: RefusedRows(source.directory, log: source.log))
                connection = target.connection
                hasMore = try shipment.round(to: target, isLast: isLast)
                pause = Self.interval
                if isLast { try finish(&shipment, target) } else { upkeep.run(target.connection) }
            } catch {
                if connection?.isOpen != true { connection = nil }
                failed(error)
                pause = min(pause * 2, Self.intervalMax)
            }
            tell(&wasFull)
            // After a failure the journal stays as it is, for whoever recovers it.
            if isLast { return }
            if !hasMore { thread.sleep(pause) }
        }
    }

    private func finish(_ shipment: inout Shipment, _ target: ShippingTarget) throws {
        for rest in unwritten.withLock({ $0 }) {
            guard try shipment.finish(with: rest, target) else { continue }
            unwritten.withLock { $0.removeAll { $0.segment == rest.segment } }
        }
        shipment.removeEverything()
    }

    private func noted(_ change: (inout Progress) -> Void) { progress.withLock { change(&$0) } }

    private func tell(_ wasFull: inout Bool) {
        let isFull = source.health.isFull
        defer { wasFull = isFull }
        guard isFull != wasFull else { return }
        let bytes = ["bytes": String(source.health.bytes)]
        if isFull {
            source.log.error("the journal is full: nothing is served that a budget bounds", bytes)
        } else {
            source.log.note("the journal has room again", bytes)
        }
    }

    private func failed(_ error: any Error) {
        let text = "\(error)"
        let isNew = progress.withLock { progress in
            progress.failures += 1
            progress.isConnected = false
            defer { progress.fault = text }
            return progress.fault != text
        }
        if isNew { source.log.warning("usage waits in the journal", ["reason": text]) }
    }

    /// How long usage may wait for its transaction.
    private static let interval = Duration.milliseconds(100)
    /// The longest pause while PostgreSQL is away.
    private static let intervalMax = Duration.seconds(5)
}

extension Log {
    /// Usage that is in no journal and in no ledger.
    func lost(_ rest: UnwrittenRecords, _ reason: String) { error("usage is lost", fields(rest, reason)) }

    /// Usage that is in no journal, and that the ledger has if the commit under way comes to its end.
    func maybeLost(_ rest: UnwrittenRecords) {
        error("usage may be lost", fields(rest, "the disk did not take it, and the database, which may still take it, does not answer"))
    }

    private func fields(_ rest: UnwrittenRecords, _ reason: String) -> [String: String] {
        ["segment": rest.segment.fileName, "attempts": String(rest.settled), "nano_usd": String(rest.cost), "reason": reason]
    }
}
