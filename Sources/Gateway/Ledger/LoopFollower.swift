/// Follows one loop's segments of one epoch and hands out what settled, stretch by stretch.
///
/// A segment is given up once the next one has carried over every attempt that was open: a stream that stays open
/// for hours holds back neither the shipping of others nor the deletion of old segments.
struct LoopFollower {
    /// Nil when there was nothing to follow.
    let loop: Int?
    private let directory: JournalDirectory
    private let disk: JournalDisk
    private var isDead: Bool
    /// By shipping number: the first byte that PostgreSQL lacks.
    private var watermarks: [Int64: Int]
    private var waiting: [SegmentIdentity]
    private var reader: SegmentReader?
    private var pairing: AttemptPairing
    /// Reckoned and not handed out yet.
    private var estimates: [BookedAttempt] = []
    /// Read to their end, and not needed once the segment being read is carried and shipped.
    private var finished: [SegmentIdentity] = []
    private var isCarried = false
    private var isExhausted = false
    private var hasDurableName = false
    /// Why the segment being read cannot be read on.
    private var fault: String?
    /// Whether the last bytes look like the beginning of a record: of one that is being written, was torn, or tells a wrong length.
    private var isTorn = false
    private var damages: [JournalDamage] = []
    /// What is behind it is not read yet.
    var end: JournalEnd?
    /// Segments with bytes that could not be read.
    private(set) var damaged: Set<SegmentIdentity> = []

    /// Most attempts booked in one transaction.
    private static let attemptsMax = 5_000

    /// Follows from `segments`, the loop's oldest first. A dead epoch's writer is gone: what is torn stays torn.
    /// `watermarks` say by shipping number what PostgreSQL has already.
    init(
        directory: JournalDirectory, segments: [SegmentIdentity], isDead: Bool, watermarks: [Int64: Int],
        disk: JournalDisk = JournalDisk()
    ) {
        self.directory = directory
        self.disk = disk
        self.isDead = isDead
        self.watermarks = watermarks
        waiting = segments
        pairing = AttemptPairing(isDead: isDead)
        loop = segments.first?.loop
    }

    /// The segment being read.
    var segment: SegmentIdentity? { reader?.identity }

    /// The next stretch with something to book, or nil when there is nothing now.
    mutating func next() throws(DiskFault) -> ShipBatch? {
        while true {
            guard try openReader() else { return nil }
            if let batch = try readBatch() { return batch }
            if isAtEnd { return nil }
            if try skipDamage() { continue }
            if try advance() { continue }
            return isDead ? try close() : nil
        }
    }

    /// Whether all before `end` was read; what was handed out may not be booked yet.
    var isAtEnd: Bool {
        guard let end, let reader else { return false }
        return end.isReached(in: reader.identity, offset: reader.offset)
    }

    /// Makes sure that the disk has what was handed out: a power cut must not take back what PostgreSQL is told.
    mutating func synchronize() throws(DiskFault) {
        guard let reader else { return }
        try reader.synchronize()
        guard !hasDurableName else { return }
        try disk.synchronizeNames(epoch: reader.identity.epoch, in: directory.path)
        hasDurableName = true
    }

    /// Segments that nothing needs any more; call after the last batch was committed and what was read is on the disk.
    mutating func takeFinished() -> [SegmentIdentity] {
        guard hasFinished else { return [] }
        defer { finished.removeAll() }
        return finished
    }

    /// Whether nothing more can come: the writer is gone, and what it left open was handed out.
    var isClosed: Bool { isExhausted }

    var hasFinished: Bool { (isCarried || isExhausted) && !finished.isEmpty }

    /// Every segment, once the live epoch's writer has ended and everything is shipped.
    mutating func takeAll() -> [SegmentIdentity] {
        defer { finished.removeAll() }
        return finished + (reader.map { [$0.identity] } ?? []) + waiting
    }

    /// Has the next batches be the rest of a loop that has ended, `rest` behind what the disk has, and then what it left open.
    /// Answers whether `rest` can be read.
    mutating func finish(with rest: UnwrittenRecords) throws(DiskFault) -> Bool {
        let later = try directory.segments(epoch: rest.segment.epoch).filter { segment in
            segment.loop == rest.segment.loop && segment.number > (reader?.identity.number ?? waiting.last?.number ?? -1)
        }
        waiting += later.filter { !waiting.contains($0) }
        isDead = true
        while try openReader(), try advance() {}
        return reader?.readOn(in: rest) ?? false
    }

    /// Attempts opened and not settled, as far as was read.
    var unsettledCount: Int { pairing.count }

    /// Settlements that could not be booked, as nothing has opened their attempts.
    var unmatchedCount: Int { pairing.unmatched }

    /// What was found unreadable since the last call.
    mutating func takeDamages() -> [JournalDamage] {
        defer { damages.removeAll() }
        return damages
    }

    private mutating func openReader() throws(DiskFault) -> Bool {
        if reader != nil { return true }
        guard let first = waiting.first else { return false }
        reader = try SegmentReader(first, in: directory.path, disk: disk)
        waiting.removeFirst()
        isCarried = false
        hasDurableName = false
        pairing.begin(segment: first.number)
        return true
    }

    private mutating func readBatch() throws(DiskFault) -> ShipBatch? {
        guard var current = reader else { return nil }
        let number = current.identity.shippingNumber
        let shipped = watermarks[number] ?? 0
        var attempts: [BookedAttempt] = []
        (fault, isTorn) = (nil, false)
        if isAtEnd { return nil }
        var broken: DiskFault?
        do {
            let identity = current.identity
            let stop = try current.forEach { record, offset in
                if record == .carried { carry() }
                if let attempt = pairing.take(record), offset > shipped { attempts.append(attempt) }
                return attempts.count < Self.attemptsMax && end?.isReached(in: identity, offset: offset) != true
            }
            if case .damaged(let reason)? = stop { fault = reason }
            if stop == .end { isTorn = try current.unreadBytes() > 0 }
        } catch {
            broken = error
        }
        // Also after a fault: what was read is paired already, and is not read again.
        reader = current
        guard !attempts.isEmpty || !estimates.isEmpty && current.offset > shipped else {
            if let broken { throw broken }
            return nil
        }
        defer { estimates.removeAll() }
        watermarks[number] = current.offset
        return ShipBatch(segment: current.identity, from: shipped, to: current.offset, attempts: attempts, estimates: estimates)
    }

    private mutating func carry() {
        isCarried = true
        // What a dead writer left behind is booked when the last segment has been read.
        if !isDead { estimates += pairing.takeLeftBehind().map(UnsettledEstimate.book) }
    }

    /// Reads on behind bytes that are no records.
    private mutating func skipDamage() throws(DiskFault) -> Bool {
        let isFinal = isDead || !waiting.isEmpty
        guard let reason = fault ?? (isTorn && isFinal ? "length" : nil), var current = reader else { return false }
        let offset = current.offset
        let skipped = try current.skipDamage()
        reader = current
        guard let skipped else { return false }
        note(JournalDamage(segment: current.identity, offset: offset, bytes: skipped, reason: reason))
        return true
    }

    private mutating func note(_ damage: JournalDamage) {
        damages.append(damage)
        damaged.insert(damage.segment)
    }

    /// Moves to the next segment if there is one and this one is read to its end.
    private mutating func advance() throws(DiskFault) -> Bool {
        guard let current = reader else { return false }
        if !isDead && waiting.isEmpty {
            var next = current.identity
            next.number += 1
            guard try directory.segments(epoch: next.epoch).contains(next) else { return false }
            // The writer may have written to the current segment between the last read and the next one's creation,
            // so it is read once more before it is left.
            waiting = [next]
            return true
        }
        guard !waiting.isEmpty else { return false }
        try leave(current, reason: fault ?? "it ends inside of a record")
        return true
    }

    private mutating func leave(_ current: SegmentReader, reason: String) throws(DiskFault) {
        let rest = try current.unreadBytes()
        if rest > 0 { note(JournalDamage(segment: current.identity, offset: current.offset, bytes: rest, reason: reason)) }
        finished.append(current.identity)
        reader = nil
    }

    /// Books what a dead process left open, once, under the last segment's closing watermark.
    private mutating func close() throws(DiskFault) -> ShipBatch? {
        guard let current = reader else { return nil }
        isExhausted = true
        // A kill can tear the last record: nothing has left the process for it.
        if let fault { try leave(current, reason: fault) } else {
            finished.append(current.identity)
            reader = nil
        }
        let shipped = watermarks[current.identity.shippingNumber] ?? 0
        guard shipped != ShipBatch.closed else { return nil }
        watermarks[current.identity.shippingNumber] = ShipBatch.closed
        return ShipBatch(
            segment: current.identity, from: shipped, to: ShipBatch.closed, attempts: [],
            estimates: estimates + pairing.unsettled.map(UnsettledEstimate.book))
    }
}
