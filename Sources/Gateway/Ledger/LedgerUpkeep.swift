internal import Spec
internal import Store

/// What the ledger needs now and then, done by the thread that ships, between two shipments.
struct LedgerUpkeep {
    private let log: Log
    private var nextAt: Int64 = 0
    private var fault: String?
    private var retention: LedgerRetention

    init(log: Log) {
        self.log = log
        retention = LedgerRetention(log: log)
    }

    /// Does what is due. A failure is told and tried again later: shipping goes on without, since it makes the partition
    /// that it lacks itself.
    mutating func run(_ connection: Connection) {
        do {
            let now = WallClock.monotonicNanoseconds
            if now >= nextAt {
                nextAt = now + Self.nanosecondsBetween
                try connection.transaction { try UsagePartitions.ensureAhead($0, now: WallClock.now) }
                try retention.plan(connection, now: WallClock.now)
                fault = nil
            }
            try retention.step(connection)
        } catch {
            retention.abandon()
            let text = "\(error)"
            if fault != text { log.warning("the ledger is not kept up", ["reason": text]) }
            fault = text
        }
    }

    /// An hour.
    private static let nanosecondsBetween: Int64 = 3_600_000_000_000
}
