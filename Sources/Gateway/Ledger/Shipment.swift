internal import Store

/// How far a process is with shipping the journal; confined to the thread that ships.
struct Shipment {
    private let source: LedgerShipper.Source
    private let progress: ((inout LedgerShipper.Progress) -> Void) -> Void
    private var followers: [LoopFollower] = []
    /// Handed out and not booked yet: a follower hands out every stretch once.
    private var held: ShipBatch?
    private var recovery: JournalRecovery?
    /// Whose journal was left alone in the last recovery.
    private var spared: Int64?
    private var hasRecovered = false
    private var recoveryFault: String?

    init(_ source: LedgerShipper.Source, progress: @escaping ((inout LedgerShipper.Progress) -> Void) -> Void) {
        self.source = source
        self.progress = progress
    }

    /// Ships a part of what others left, and all that this process has written by now. Answers whether more of the first is there.
    mutating func round(to target: ShippingTarget, isLast: Bool) throws -> Bool {
        var hasMore = false
        if !isLast {
            do {
                hasMore = try recover(target)
            } catch let fault as DiskFault {
                tell(recovery: fault)
            }
        }
        switch isLast ? .goOn : source.stop.wish {
        case .goOn: try shipAll(target, upTo: nil)
        case .pause: source.stop.paused()
        case .shipUpTo(let ends):
            try shipAll(target, upTo: ends)
            if isAt(ends) { source.stop.reached(ends) }
        }
        return hasMore
    }

    // MARK: what others left

    private mutating func recover(_ target: ShippingTarget) throws -> Bool {
        let living = source.living()
        if recovery == nil {
            guard !hasRecovered || spared != nil && living == nil else { return false }
            spared = living
            recovery = try JournalRecovery(
                source.directory, of: source.gatewayID, before: source.epoch, sparing: living, health: source.health, log: source.log)
        }
        let end = WallClock.monotonicNanoseconds + Self.recoveryNanoseconds
        try recovery?.run(to: target) { WallClock.monotonicNanoseconds >= end }
        recoveryFault = nil
        guard let done = recovery, done.isDone else { return true }
        recovery = nil
        hasRecovered = true
        progress { $0.recoveries += 1 }
        if done.outcome.epochs > 0 {
            source.log.note("recovered the journal", [
                "epochs": "\(done.outcome.epochs)", "settled": "\(done.outcome.settled)", "estimated": "\(done.outcome.estimated)",
            ])
        }
        return false
    }

    private mutating func tell(recovery fault: DiskFault) {
        let text = "\(fault)"
        if recoveryFault != text { source.log.error("what an earlier process left in the journal cannot be read", ["reason": text]) }
        recoveryFault = text
    }

    /// What this process writes waits no longer than this for what others left.
    private static let recoveryNanoseconds: Int64 = 200_000_000

    // MARK: what this process writes

    private mutating func shipAll(_ target: ShippingTarget, upTo ends: ShippingStop.Ends?) throws {
        do {
            try shipEach(target, upTo: ends)
        } catch where Self.isSetBack(error) {
            try rebuild(target, error)
            try shipEach(target, upTo: ends)
        }
    }

    private mutating func shipEach(_ target: ShippingTarget, upTo ends: ShippingStop.Ends?) throws {
        if followers.count < source.loops { try followNewLoops() }
        for index in followers.indices { followers[index].end = followers[index].loop.flatMap { ends?.ends[$0] } }
        for index in followers.indices { try ship(index, target) }
        let unsettled = followers.reduce(0) { $0 + $1.unsettledCount }
        let unmatched = followers.reduce(0) { $0 + $1.unmatchedCount }
        progress {
            $0.isConnected = true
            $0.fault = nil
            $0.unsettled = unsettled
            $0.unmatched = unmatched
        }
    }

    /// Whether all up to there is in the ledger, and nothing behind it.
    private func isAt(_ ends: ShippingStop.Ends) -> Bool {
        held == nil && ends.ends.keys.allSatisfy { loop in followers.contains { $0.loop == loop && $0.isAtEnd } }
    }

    private mutating func ship(_ index: Int, _ target: ShippingTarget) throws {
        while let batch = try take(index) {
            held = batch
            makeDurable(index)
            let booked = try target.ship(batch)
            held = nil
            progress { $0.add(booked) }
        }
        tell(of: index)
        guard followers[index].hasFinished, makeDurable(index) else { return }
        for segment in followers[index].takeFinished() { try discard(segment, followers[index].damaged) }
    }

    private mutating func take(_ index: Int) throws -> ShipBatch? {
        if let held { return held.segment.loop == followers[index].loop ? held : nil }
        return try followers[index].next()
    }

    /// What PostgreSQL is told, the disk must have: after a power cut the journal would else be older than the ledger. Of a
    /// segment that is not to be trusted nothing is durable, and nothing is waited for: the ledger is the safer place then.
    @discardableResult
    private mutating func makeDurable(_ index: Int) -> Bool {
        guard let segment = followers[index].segment else { return true }
        guard !source.health.isSuspect(segment) else { return false }
        do {
            try followers[index].synchronize()
            return true
        } catch {
            source.health.suspect(segment, error)
            return false
        }
    }

    /// A loop that could not open its journal at once is followed from when it has.
    private mutating func followNewLoops() throws(DiskFault) {
        let known = Set(followers.compactMap(\.loop))
        let segments = Dictionary(grouping: try source.directory.segments(epoch: source.epoch), by: \.loop)
        for (loop, ofLoop) in segments where !known.contains(loop) { followers.append(follower(of: ofLoop, [:])) }
    }

    private func follower(of segments: [SegmentIdentity], _ watermarks: [Int64: Int]) -> LoopFollower {
        LoopFollower(
            directory: source.directory, segments: segments, isDead: false, watermarks: watermarks, disk: source.disk)
    }

    private mutating func tell(of index: Int) {
        for damage in followers[index].takeDamages() {
            source.health.lost(bytes: damage.bytes)
            source.log.error("bytes of the journal cannot be read", damage.fields)
        }
    }

    private func discard(_ segment: SegmentIdentity, _ damaged: Set<SegmentIdentity>) throws {
        let bytes = damaged.contains(segment) ? try source.directory.setAside(segment) : try source.directory.remove(segment)
        source.health.shrank(by: bytes)
        source.health.removed(segment)
    }

    // MARK: PostgreSQL that was set back

    /// Whether PostgreSQL does not have what it has confirmed: it was restored, or a follower took over that lacked the end.
    static func isSetBack(_ error: any Error) -> Bool {
        if let error = error as? DatabaseError { return error.sqlState == .foreignKeyViolation }
        return error is ShippingGap
    }

    /// Reads every segment that is left again, from where PostgreSQL stands now.
    private mutating func rebuild(_ target: ShippingTarget, _ error: any Error) throws {
        source.log.error("PostgreSQL lacks usage that it had confirmed: it gets what the journal still has", ["reason": "\(error)"])
        try target.claim(epoch: source.epoch, gateway: source.gatewayID)
        let watermarks = try target.watermarks(epoch: source.epoch)
        let segments = Dictionary(grouping: try source.directory.segments(epoch: source.epoch), by: \.loop)
        held = nil
        followers = segments.sorted { $0.key < $1.key }.map { follower(of: $0.value, watermarks) }
    }

    // MARK: the end

    /// Books what the disk has refused to the end, and what its loop left open. False when it cannot be read.
    mutating func finish(with rest: UnwrittenRecords, _ target: ShippingTarget) throws -> Bool {
        guard let index = followers.firstIndex(where: { $0.loop == rest.segment.loop }),
            try followers[index].finish(with: rest)
        else { return false }
        while let batch = try followers[index].next() {
            let booked = try target.ship(batch)
            progress { $0.add(booked) }
        }
        return true
    }

    /// Once this process's writers have ended and everything is shipped.
    mutating func removeEverything() {
        for index in followers.indices where followers[index].unsettledCount == 0 || followers[index].isClosed {
            for segment in followers[index].takeAll() { try? discard(segment, followers[index].damaged) }
        }
        source.directory.removeEpoch(source.epoch)
    }
}
