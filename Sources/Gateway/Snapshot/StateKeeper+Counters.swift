internal import Policy
internal import Spec
internal import Store
internal import Synchronization

/// What limits and budgets have counted, held against the ledger.
extension StateKeeper {
    /// Loads what the counters of a snapshot have counted, before it is enforced: those that are new, and those that nobody has
    /// compared with the ledger since an earlier revision.
    mutating func count(_ next: Snapshot, _ connection: Connection, into cells: [String: OrganizationCells]) throws {
        var known: Set<DurableCell> = []
        state?.snapshot.forEachDurableSeeds(CellSeeds.batch, now: WallClock.now) { seeds in
            for seed in seeds { known.insert(seed.cell) }
        }
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
    mutating func refresh(_ connection: Connection) throws {
        noteClock()
        guard let state else { return }
        if refreshedAt == nil || hasChanged { return try compare(connection, state, upTo: nil) }
        guard reading.isUnderWay || Self.isDue(refreshedAt, every: Self.refreshNanoseconds) else { return }
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
        func isMissing(_ seed: DurableSeed) -> Bool { cells[seed.orgUID]?.table.withLock { isWanted(seed, $0) } ?? false }
        try CellSeeds.load(connection, snapshot, now: now, where: isMissing) { spent in
            for (orgUID, ofOrganization) in Dictionary(grouping: spent, by: \.orgUID) {
                cells[orgUID]?.table.withLock { table in
                    _ = table.load(spent: ofOrganization.map(\.cell), now: now, upTo: charged)
                    table.sweep(now: now)
                }
            }
        }
    }
}
