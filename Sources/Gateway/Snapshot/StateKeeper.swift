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

    private var connection: Connection?
    private var epoch: Int64?
    private var isShipping = false
    /// Until when the first requests wait for what earlier processes left.
    private var bookedBy: Int64?
    /// How many times everything that others left was booked, and then counted here.
    private var recoveries = 0
    private var state: EnforcedState?
    /// The newest revision that was looked at, taken or not.
    private var seen: Int64 = 0
    /// Nanoseconds of the monotonic clock, as a wall clock that is set back would put off what is due; nil to do it at once.
    private var refreshedAt: Int64?
    private var reportedAt: Int64?
    /// The wall clock when it was last looked at, in milliseconds.
    private var clockSeen: Int64 = 0
    /// Whether another process has booked more of the last hour than was loaded.
    private var isLastHourStale = false
    private var bell = BudgetBell()
    /// The end of the record of acts that the log knows.
    private var toldHead: AuditHead?
    private var reading: LedgerReading
    /// What `state` was made of.
    private var taken: StateLoad?
    /// The change at run time that `state` knows of: of minted keys, and of what was forgiven of budgets.
    private var sequence: Int64 = 0
    /// Keys minted at run time that `state` knows.
    private var mintedKeys: [DelegatedKey] = []
    private var overrides: OverrideKeeper
    /// What the newest revision that was looked at was to be changed by.
    private var patchesSeen = PatchesInForce.none
    /// Whether something changed at run time or in what is declared since the counters were compared with the ledger.
    private var hasChanged = false
    /// What `state` was made of: files of secrets and of TLS.
    private var files: UpstreamFiles?

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
    private static let refreshNanoseconds: Int64 = 5_000_000_000
    private static let reportNanoseconds: Int64 = 5_000_000_000
    /// Usage waits for its transaction while sums are about to be read.
    private static let readingPoll = Duration.milliseconds(20)
    /// A clock that went back by more than this may stand in a window that was not loaded yet.
    private static let clockBackMilliseconds: Int64 = 1_000

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
        guard let connection, connection.isOpen, !shared.isHandedOver.load(ordering: .relaxed) else { return }
        try? connection.transaction { try Replicas.remove($0, id: gatewayID) }
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

    private mutating func takeNewest(_ connection: Connection, _ epoch: Int64) throws {
        try overrides.handOverDenials(connection)
        // Overrides first, so that the end of one is never seen without the revision that takes its place.
        let (pulse, newest, minted) = try connection.transaction {
            (try Overrides.pulse($0), try Revisions.currentID($0), try RuntimeSequence.current($0))
        }
        // Report at once what is enforced.
        if try overrides.follow(pulse, connection) { reportedAt = nil }
        overrides.forgetDenials()
        try take(newest, keysAt: minted, connection, epoch)
        overrides.liftDenials()
    }

    private mutating func take(_ newest: Int64, keysAt minted: Int64, _ connection: Connection, _ epoch: Int64) throws {
        let patches = overrides.patches
        guard newest != seen || patches != patchesSeen else {
            if newest == 0 { shared.status.update { $0.waitingFor = "no revision has been applied yet" } }
            if minted != sequence, let taken { try take(taken, keysAt: minted, connection, epoch) }
            return
        }
        let load: StateLoad?
        do {
            load = try StateLoad.newest(connection, patches)
        } catch let error as DatabaseError {
            throw error
        } catch {
            patchesSeen = patches
            reject(newest, "\(error)")
            return
        }
        guard let load else { return }
        if try take(load, keysAt: minted, connection, epoch) { (seen, patchesSeen) = (load.revision.id, patches) }
    }

    /// Has overrides end whose time is over, whether or not PostgreSQL can be asked.
    private mutating func endOverrides(_ epoch: Int64) {
        guard overrides.end() else { return }
        let patches = overrides.patches
        guard let taken, let state, taken.patches != patches, !taken.patches.isEmpty else { return }
        let load = taken.with(patches)
        let snapshot = load.policy.snapshot(with: mintedKeys)
        let next = enforced(snapshot, load, cells: state.allCells)
        guard install(next, epoch) else { return }
        (self.taken, self.state, patchesSeen, hasChanged) = (load, next, patches, true)
        shared.log.note("an override has ended", ["revision": next.revisionText])
    }

    /// Enforces a declaration with the keys that are minted by now, which are those of the change `minted` or of later ones.
    @discardableResult
    private mutating func take(_ load: StateLoad, keysAt minted: Int64, _ connection: Connection, _ epoch: Int64) throws -> Bool {
        let rows = try connection.transaction { try DelegatedKeys.alive($0) }
        let keys = rows.map(DelegatedKey.init)
        guard try enforce(load, load.policy.snapshot(with: keys), connection, epoch) else { return false }
        (taken, sequence, mintedKeys) = (load, minted, keys)
        // What was forgiven counts at once, too.
        hasChanged = true
        return true
    }

    /// Keeps the state that is enforced; the next revision is looked at when it comes.
    private mutating func reject(_ revision: Int64, _ reason: String) {
        seen = revision
        shared.status.update { values in
            values.rejections += 1
            values.rejected = "revision \(revision): \(reason)"
            if values.revision == nil { values.waitingFor = values.rejected }
        }
        shared.log.error("a revision cannot be enforced", ["revision": "\(revision)", "reason": reason])
    }

    /// False when the gateway stops before every loop has the state.
    private mutating func enforce(_ load: StateLoad, _ snapshot: Snapshot, _ connection: Connection, _ epoch: Int64) throws -> Bool {
        var cells = state?.allCells ?? [:]
        for organization in snapshot.organizations where cells[organization.uid] == nil {
            cells[organization.uid] = OrganizationCells(orgUID: organization.uid)
        }
        try count(snapshot, connection, into: cells)
        let known = taken?.revision.id == load.revision.id && taken?.patches == load.patches ? state : nil
        // Looked at before they are read, so that a change in between is found later.
        let files = UpstreamFiles(of: snapshot)
        let next = known?.with(snapshot) ?? enforced(snapshot, load, cells: cells)
        guard install(next, epoch) else { return false }
        state = next
        if known == nil { self.files = files }
        // Keys that come and go change nothing of what is declared.
        if known != nil { return true }
        noteEnforced(load, next)
        // Report at once what is enforced.
        reportedAt = nil
        return true
    }

    private func enforced(_ snapshot: Snapshot, _ load: StateLoad, cells: [String: OrganizationCells]) -> EnforcedState {
        EnforcedState(
            snapshot: snapshot, providers: shared.upstreams.endpoints(of: snapshot),
            models: shared.upstreams.models(of: snapshot), breakers: shared.upstreams.breakers(of: snapshot), cells: cells,
            createdSeconds: load.revision.committedAt.milliseconds / 1000)
    }

    /// Reads secrets and certificates anew whose files have changed.
    private mutating func followFiles(_ epoch: Int64) {
        guard let state, let files else { return }
        let seen = UpstreamFiles(of: state.snapshot)
        let changed = seen.changed(since: files)
        guard !changed.isEmpty else { return }
        let next = state.with(providers: shared.upstreams.endpoints(of: state.snapshot))
        guard install(next, epoch) else { return }
        (self.state, self.files) = (next, seen)
        shared.status.update { $0.providerFaults = next.providerFaults }
        for path in changed { shared.log.note("a file of a provider has changed and is read anew", ["path": path]) }
        for (provider, fault) in next.providerFaults.sorted(by: { $0.key < $1.key }) where state.providerFaults[provider] != fault {
            shared.log.warning("a provider cannot be called", ["provider": provider, "reason": fault])
        }
    }

    /// Swaps the state on every loop and waits until each has it; false when the gateway stops before.
    private func install(_ next: EnforcedState, _ epoch: Int64) -> Bool {
        let swap = shared.denials.install(next) { [loops, directory, syncer] state in
            LoopRound(loops) { loop in
                loop.kept(GatewayLoop.self)?.take(state, epoch: epoch, directory: directory, syncer: syncer)
            }
        }
        return swap?.wait(unless: isStopping) { shared.warn(late: $0, for: "taking revision \(next.revisionText)") } ?? false
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

    private func noteEnforced(_ load: StateLoad, _ next: EnforcedState) {
        let faults = next.providerFaults
        shared.status.update { values in
            values.revision = load.revision.id
            values.commit = load.revision.commit
            values.stateDigest = load.stateDigest
            values.enforcedAt = WallClock.now.milliseconds
            values.rejected = nil
            values.loads += 1
            values.providers = next.snapshot.providers.map(\.name).sorted()
            values.providerFaults = faults
        }
        shared.log.note("enforcing a revision", [
            "revision": "\(load.revision.id)", "commit": load.revision.commit, "keys": "\(next.snapshot.keyCount)",
            "models": "\(next.snapshot.models.count)",
        ])
        for (provider, fault) in faults.sorted(by: { $0.key < $1.key }) {
            shared.log.warning("a provider cannot be called", ["provider": provider, "reason": fault])
        }
        for warning in load.warnings { shared.log.warning("the configuration has a weakness", ["reason": warning]) }
    }

    /// Loads what the counters of a snapshot have counted, before it is enforced: those that are new, and those that nobody has
    /// compared with the ledger since an earlier revision.
    private mutating func count(_ next: Snapshot, _ connection: Connection, into cells: [String: OrganizationCells]) throws {
        let known = Set(state?.snapshot.durableSeeds(now: WallClock.now).map(\.cell) ?? [])
        try Self.load(next, connection, into: cells) { seed, table in
            !known.contains(seed.cell) || !seed.isPerModel && !table.holds(seed.cell)
        }
        let slidingKnown = Set(state?.snapshot.slidingSeeds() ?? [])
        try Self.load(next.slidingSeeds().filter { !slidingKnown.contains($0) }, connection, into: cells)
        let spans = next.spanSeeds(now: WallClock.now, unlessIn: state?.snapshot)
        try Self.load(spans, connection, into: cells)
        try forgive(next, connection, in: cells)
        // What is in the journal yet is booked within seconds.
        if !spans.isEmpty { isLastHourStale = true }
    }

    /// Has counters of budgets count less by what was forgiven of them by now.
    private func forgive(_ snapshot: Snapshot, _ connection: Connection, in cells: [String: OrganizationCells]) throws {
        let now = WallClock.now
        for (orgUID, credits) in Dictionary(grouping: try CreditSeeds.load(connection, snapshot, now: now), by: \.counter.orgUID) {
            cells[orgUID]?.table.withLock { $0.take(credits, now: now) }
        }
    }

    /// Compares counters with the ledger: at once where something has changed there, and else, now and then, as soon as it is known
    /// which charges of this process its sums hold, so that the counters are those sums and what came after.
    private mutating func refresh(_ connection: Connection) throws {
        noteClock()
        guard let state else { return }
        if refreshedAt == nil || hasChanged { return try compare(connection, state, upTo: nil) }
        guard reading.isUnderWay || isDue(refreshedAt, every: Self.refreshNanoseconds) else { return }
        switch reading.advance(unless: isStopping, late: { shared.warn(late: $0, for: "parting what they charge") }) {
        case .waiting: return
        case .ready(let charged): try compare(connection, state, upTo: charged)
        case .failed: try compare(connection, state, upTo: nil)
        }
        reading.end()
    }

    /// Without `charged` counters are only raised to the ledger's sums; what is counted here and not shipped yet is never lowered but by
    /// corrections of prices.
    private mutating func compare(_ connection: Connection, _ state: EnforcedState, upTo charged: ChargeGeneration?) throws {
        let began = WallClock.monotonicNanoseconds
        try Self.load(state.snapshot, connection, into: state.allCells, upTo: charged) { _, _ in true }
        if isLastHourStale {
            try Self.load(state.snapshot.slidingSeeds(), connection, into: state.allCells)
            try Self.load(state.snapshot.spanSeeds(now: WallClock.now), connection, into: state.allCells)
        }
        isLastHourStale = false
        try forgive(state.snapshot, connection, in: state.allCells)
        try bell.ring(connection, state, now: WallClock.now)
        expireHolds(in: state, after: .nanoseconds(began - (refreshedAt ?? began)))
        (refreshedAt, hasChanged) = (began, false)
    }

    /// A clock that was set back is told of, and what was spent in the windows it stands in now is read at once.
    private mutating func noteClock() {
        let now = WallClock.now.milliseconds
        if clockSeen - now > Self.clockBackMilliseconds {
            shared.log.warning("the clock was set back", ["seconds": "\((clockSeen - now) / 1_000)"])
            refreshedAt = nil
        }
        clockSeen = now
    }

    private func expireHolds(in state: EnforcedState, after elapsed: Duration) {
        let expired = state.allCells.values.reduce(0) { sum, cells in sum + cells.table.withLock { $0.expire(after: elapsed) } }
        guard expired > 0 else { return }
        shared.status.update { $0.expiredHolds += expired }
        shared.log.error("reservations were never ended", ["count": "\(expired)"])
    }

    private func isDue(_ last: Int64?, every nanoseconds: Int64) -> Bool {
        last.map { WallClock.monotonicNanoseconds - $0 >= nanoseconds } ?? true
    }

    private static func load(
        _ seeds: [SlidingSeed], _ connection: Connection, into cells: [String: OrganizationCells]
    ) throws {
        let now = WallClock.now
        for (orgUID, counts) in Dictionary(grouping: try SlidingSeeds.load(connection, seeds, now: now), by: \.seed.orgUID) {
            cells[orgUID]?.table.withLock { $0.load(sliding: counts, now: now) }
        }
    }

    private static func load(_ seeds: [SpanSeed], _ connection: Connection, into cells: [String: OrganizationCells]) throws {
        for (orgUID, sums) in Dictionary(grouping: try SpanSeeds.load(connection, seeds), by: \.seed.orgUID) {
            let now = WallClock.now
            cells[orgUID]?.table.withLock { $0.load(spans: sums, now: now) }
        }
    }

    private static func load(
        _ snapshot: Snapshot, _ connection: Connection, into cells: [String: OrganizationCells], upTo charged: ChargeGeneration? = nil,
        where isWanted: (DurableSeed, CellTable) -> Bool
    ) throws {
        let now = WallClock.now
        let spent = try CellSeeds.load(connection, snapshot, now: now) { seed in
            cells[seed.orgUID]?.table.withLock { isWanted(seed, $0) } ?? false
        }
        for (orgUID, ofOrganization) in Dictionary(grouping: spent, by: \.orgUID) {
            cells[orgUID]?.table.withLock { table in
                _ = table.load(spent: ofOrganization.map(\.cell), now: now, upTo: charged)
                table.sweep(now: now)
            }
        }
    }

    private mutating func report(_ connection: Connection, _ epoch: Int64) throws {
        let values = shared.status.current
        // The gateway that took this one's place reports under the same name.
        guard !shared.isHandedOver.load(ordering: .relaxed) else { return }
        guard let revision = values.revision, isDue(reportedAt, every: Self.reportNanoseconds) else { return }
        let replica = Replica(
            id: gatewayID, epoch: epoch, revision: revision, stateDigest: values.stateDigest,
            version: GatewayVersion.current, startedAt: startedAt, overrideSequence: values.overrideSequence)
        try connection.transaction { try Replicas.report($0, replica) }
        reportedAt = WallClock.monotonicNanoseconds
    }
}
