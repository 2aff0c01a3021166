internal import HTTP
internal import Policy
internal import Spec
internal import Store
internal import Synchronization

/// Brings the gateway up and keeps it at the newest revision, on a thread of its own.
///
/// The order of a start is what keeps money safe: an epoch of its own, the old journals booked, then the counters loaded
/// from the ledger, then requests.
final class StateThread: Sendable {
    private let shared: GatewayShared
    private let loops: [LoopRemote]
    private let directory: JournalDirectory
    private let syncer: JournalSyncer
    private let gatewayID: String
    private let startedAt: Instant
    private let thread: WorkerThread

    init(shared: GatewayShared, loops: [LoopRemote], syncer: JournalSyncer, gatewayID: String) throws(DiskFault) {
        self.shared = shared
        self.loops = loops
        self.syncer = syncer
        self.gatewayID = gatewayID
        directory = JournalDirectory(state: shared.options.state)
        startedAt = WallClock.now
        thread = try WorkerThread()
    }

    func start() {
        thread.start(name: "gateway-state") { [self] thread in
            var keeper = StateKeeper(
                shared: shared, loops: loops, directory: directory, syncer: syncer, gatewayID: gatewayID, startedAt: startedAt,
                isStopping: { thread.isStopping })
            var pause = Self.retryMin
            while !thread.isStopping {
                do {
                    try keeper.round()
                    pause = Self.retryMin
                } catch {
                    keeper.disconnected(error)
                    thread.sleep(pause)
                    pause = min(pause * 2, Self.retryMax)
                }
            }
            keeper.farewell()
        }
    }

    func askToStop() { thread.stop() }

    /// Waits until the thread has ended, for at most `patience`.
    func join(within patience: Duration) {
        if !thread.join(within: patience) { shared.log.warning("the database does not answer") }
    }

    /// Ends the wait of `join`.
    func abandon() { thread.abandon() }

    private static let retryMin = Duration.milliseconds(100)
    private static let retryMax = Duration.seconds(2)
}
