internal import HTTP
internal import Policy
internal import Spec
internal import Store
internal import Synchronization

/// What the state thread knows and does from round to round; confined to it.
struct StateKeeper {
    let shared: GatewayShared
    let loops: [LoopRemote]
    let directory: JournalDirectory
    let syncer: JournalSyncer
    let gatewayID: String
    let startedAt: Instant
    /// Whether nothing is to be waited for any more.
    let isStopping: @Sendable () -> Bool

    var connection: Connection?
    var epoch: Int64?
    private var isShipping = false
    /// Until when the first requests wait for what earlier processes left.
    private var bookedBy: Int64?
    /// How many times everything that others left was booked, and then counted here.
    private var recoveries = 0
    var state: EnforcedState?
    /// The newest revision that was looked at, taken or not.
    var seen: Int64 = 0
    /// Nanoseconds of the monotonic clock, as a wall clock that is set back would put off what is due; nil to do it at once.
    var refreshedAt: Int64?
    var reportedAt: Int64?
    /// The wall clock when it was last looked at, in milliseconds.
    var clockSeen: Int64 = 0
    /// Whether another process has booked more of the last hour than was loaded.
    var isLastHourStale = false
    var bell = BudgetBell()
    private var reserved = ReservedNotice()
    /// The end of the record of acts that the log knows.
    private var toldHead: AuditHead?
    var reading: LedgerReading
    /// What `state` was made of.
    var taken: StateLoad?
    /// The change at run time that `state` knows of: of minted keys, and of what was forgiven of budgets.
    var sequence: Int64 = 0
    /// Keys minted at run time that `state` knows.
    var mintedKeys: [DelegatedKey] = []
    var overrides: OverrideKeeper
    /// What the newest revision that was looked at was to be changed by.
    var patchesSeen = PatchesInForce.none
    /// Whether something changed at run time or in what is declared since the counters were compared with the ledger.
    var hasChanged = false
    /// What `state` was made of: files of secrets and of TLS.
    var files: UpstreamFiles?

    init(
        shared: GatewayShared, loops: [LoopRemote], directory: JournalDirectory, syncer: JournalSyncer, gatewayID: String,
        startedAt: Instant, isStopping: @escaping @Sendable () -> Bool
    ) {
        self.shared = shared
        self.loops = loops
        self.directory = directory
        self.syncer = syncer
        self.gatewayID = gatewayID
        self.startedAt = startedAt
        self.isStopping = isStopping
        reading = LedgerReading(loops: loops)
        overrides = OverrideKeeper(shared: shared, gatewayID: gatewayID, isStopping: isStopping)
    }

    /// Counters of which the ledger keeps a sum are compared with it this often: another gateway may have spent from the same
    /// budgets. Those of tags, of pools, and over windows that roll are added up once, as it would be too much for this often.
    static let refreshNanoseconds: Int64 = 5_000_000_000
    private static let reportNanoseconds: Int64 = 5_000_000_000
    /// Usage waits for its transaction while sums are about to be read.
    private static let readingPoll = Duration.milliseconds(20)
    /// A clock that went back by more than this may stand in a window that was not loaded yet.
    static let clockBackMilliseconds: Int64 = 1_000

    /// One round: reach the database, do what the start still lacks, take a newer revision, wait for the next.
    mutating func round() throws {
        // Needs no database, so that a secret can be rotated while that is away.
        if let epoch {
            followFiles(epoch)
            endOverrides(epoch)
        }
        let connection = try connected()
        let epoch = try mintedEpoch(connection)
        if !isShipping { try startShipping(epoch) }
        let recoveries = awaitBooked()
        // Counters are loaded from here on, and from a ledger that has everything.
        if state == nil, recoveries > 0 { shared.isBooked.store(true, ordering: .relaxed) }
        try takeNewest(connection, epoch)
        if recoveries != self.recoveries {
            // What others have booked to their end counts here at once.
            refreshedAt = nil
            isLastHourStale = true
        }
        try refresh(connection)
        if state != nil { counted(recoveries) }
        try overrides.tellExpired(connection)
        try report(connection, epoch)
        try overrides.closeCommitted(connection)
        tellAuditHead()
        shared.status.update { values in
            values.isDatabaseReachable = true
            values.databaseAnsweredAt = WallClock.monotonicNanoseconds
        }
        _ = try connection.waitForNotification(timeout: reading.isUnderWay ? Self.readingPoll : shared.options.pollEvery)
    }

    mutating func disconnected(_ error: any Error) {
        let text = "\(error)"
        reading.end()
        connection = nil
        let wasReachable = shared.status.current.isDatabaseReachable
        shared.status.update { values in
            values.isDatabaseReachable = false
            if values.revision == nil { values.waitingFor = text }
        }
        if wasReachable || state == nil { shared.log.warning("the database is away", ["reason": text]) }
    }

    /// Tells the database that this gateway is gone.
    mutating func farewell() {
        // What requests under way still record is shipped all the same, after a handover for as long as they take.
        reading.end()
        guard let connection, connection.isOpen else { return }
        let isHandedOver = shared.isHandedOver.load(ordering: .relaxed)
        try? connection.transaction { transaction in
            if let epoch { try ReservedAmounts.remove(transaction, epoch: epoch) }
            if !isHandedOver { try Replicas.remove(transaction, id: gatewayID) }
        }
    }

    private mutating func connected() throws -> Connection {
        if let connection { return connection }
        let fresh = try Connection(shared.options.database)
        try Migrations.check(fresh)
        try fresh.listenForRevisions()
        connection = fresh
        return fresh
    }

    private mutating func mintedEpoch(_ connection: Connection) throws -> Int64 {
        if let epoch { return epoch }
        let floor = try directory.epochs().last ?? 0
        let minted = try connection.transaction { try Epochs.mint($0, gateway: gatewayID, above: floor) }
        epoch = minted
        shared.status.update { $0.epoch = minted }
        return minted
    }

    /// Waits a moment for what earlier processes left to be booked, before the first request; a long journal is booked beside
    /// the requests, and until then nothing is served that a budget bounds. Answers how many times it has been done.
    private mutating func awaitBooked() -> Int {
        let end = bookedBy ?? WallClock.monotonicNanoseconds + shared.options.recoveryPatience.inNanoseconds
        bookedBy = end
        while state == nil, recoveriesDone == 0, !isStopping(), WallClock.monotonicNanoseconds < end {
            Pause.take(.milliseconds(5))
        }
        return recoveriesDone
    }

    /// Has the log know how far this gateway's acts made the record of them go, so that what is cut off later is missed.
    private mutating func tellAuditHead() {
        guard let head = AuditHead.committed, head != toldHead else { return }
        toldHead = head
        shared.log.note("audit head", ["sequence": "\(head.sequence)", "hash": head.hash])
    }

    private var recoveriesDone: Int { shared.shipping?.recoveries ?? 0 }

    private mutating func counted(_ recoveries: Int) {
        self.recoveries = recoveries
        if recoveries > 0 { shared.isBooked.store(true, ordering: .relaxed) }
    }

    private mutating func startShipping(_ epoch: Int64) throws {
        let shipper = try LedgerShipper(
            LedgerShipper.Source(
                directory: directory, epoch: epoch, loops: loops.count, gatewayID: gatewayID, health: shared.journalHealth,
                log: shared.log, disk: shared.options.disk, stop: reading.stop,
                living: { [predecessor = shared.predecessor] in predecessor.flatMap { $0.hasEnded ? nil : $0.epoch } }),
            database: shared.options.database)
        shipper.start()
        shared.install(shipper)
        isShipping = true
    }

    /// Whether so much time has passed since `last`, by the monotonic clock.
    static func isDue(_ last: Int64?, every nanoseconds: Int64) -> Bool {
        last.map { WallClock.monotonicNanoseconds - $0 >= nanoseconds } ?? true
    }

    private mutating func report(_ connection: Connection, _ epoch: Int64) throws {
        let values = shared.status.current
        guard let state, let revision = values.revision, Self.isDue(reportedAt, every: Self.reportNanoseconds) else { return }
        // The gateway that took this one's place reports under the same name; what is under way here is held here.
        let isHandedOver = shared.isHandedOver.load(ordering: .relaxed)
        let replica = Replica(
            id: gatewayID, epoch: epoch, revision: revision, stateDigest: values.stateDigest,
            version: GatewayVersion.current, startedAt: startedAt, overrideSequence: values.overrideSequence)
        try reserved.tell(connection, state, gateway: gatewayID, epoch: epoch) { transaction in
            if !isHandedOver { try Replicas.report(transaction, replica) }
        }
        reportedAt = WallClock.monotonicNanoseconds
    }
}
