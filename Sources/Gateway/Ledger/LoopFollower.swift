/// Follows one loop's segments of one epoch and hands out what settled, stretch by stretch.
///
/// A segment is given up once the next one has carried over every attempt that was open: a stream that stays open
/// for hours holds back neither the shipping of others nor the deletion of old segments.
struct LoopFollower {
    /// Nil when there was nothing to follow.
    let loop: Int?
    private let directory: JournalDirectory
    private let isDead: Bool
    /// By shipping number: the first byte that PostgreSQL lacks.
    private var watermarks: [Int64: Int]
    private var waiting: [SegmentIdentity]
    private var reader: SegmentReader?
    private var pairing: AttemptPairing
    /// Read to their end, and not needed once the segment being read is carried and shipped.
    private var finished: [SegmentIdentity] = []
    private var isCarried = false
    private var isExhausted = false
    /// Why the segment being read cannot be read on; a live writer repairs it, a dead one has torn it.
    private(set) var damage: String?

    /// Most attempts booked in one transaction.
    private static let attemptsMax = 5_000

    /// Follows from `segments`, the loop's oldest first. A dead epoch's writer is gone: what is torn stays torn.
    /// `watermarks` say by shipping number what PostgreSQL has already.
    init(directory: JournalDirectory, segments: [SegmentIdentity], isDead: Bool, watermarks: [Int64: Int]) {
        self.directory = directory
        self.isDead = isDead
        self.watermarks = watermarks
        waiting = segments
        pairing = AttemptPairing(isDead: isDead)
        loop = segments.first?.loop
    }

    /// The next stretch with something to book, or nil when there is nothing now.
    mutating func next() throws(DiskFault) -> ShipBatch? {
        while true {
            guard try openReader() else { return nil }
            if let batch = try readBatch() { return batch }
            if try advance() { continue }
            return isDead ? close() : nil
        }
    }

    /// Segments that nothing needs any more; call after the last batch was committed.
    mutating func takeFinished() throws(DiskFault) -> [SegmentIdentity] {
        guard isCarried || isExhausted, !finished.isEmpty else { return [] }
        try reader?.synchronize()
        defer { finished.removeAll() }
        return finished
    }

    /// Every segment, once the live epoch's writer has ended and everything is shipped.
    mutating func takeAll() -> [SegmentIdentity] {
        defer { finished.removeAll() }
        return finished + (reader.map { [$0.identity] } ?? []) + waiting
    }

    /// Attempts opened and not settled, as far as was read.
    var unsettledCount: Int { pairing.count }

    private mutating func openReader() throws(DiskFault) -> Bool {
        if reader != nil { return true }
        guard let first = waiting.first else { return false }
        reader = try SegmentReader(first, in: directory.path)
        waiting.removeFirst()
        isCarried = false
        return true
    }

    private mutating func readBatch() throws(DiskFault) -> ShipBatch? {
        guard var current = reader else { return nil }
        let number = current.identity.shippingNumber
        let shipped = watermarks[number] ?? 0
        var batch = ShipBatch(segment: current.identity, from: shipped, to: 0, attempts: [])
        let stop = try current.forEach { record, end in
            if record == .carried { isCarried = true }
            if let attempt = pairing.take(record), end > shipped { batch.attempts.append(attempt) }
            return batch.attempts.count < Self.attemptsMax
        }
        reader = current
        damage = if case .damaged(let reason)? = stop { reason } else { nil }
        guard !batch.attempts.isEmpty else { return nil }
        batch.to = current.offset
        watermarks[number] = current.offset
        return batch
    }

    /// Moves to the next segment if there is one and this one is read to its end.
    private mutating func advance() throws(DiskFault) -> Bool {
        guard let current = reader?.identity else { return false }
        if !isDead && waiting.isEmpty {
            var next = current
            next.number += 1
            guard try directory.segments(epoch: current.epoch).contains(next) else { return false }
            // The writer may have written to the current segment between the last read and the next one's creation,
            // so it is read once more before it is left.
            waiting = [next]
            return true
        }
        guard !waiting.isEmpty else { return false }
        finished.append(current)
        reader = nil
        return true
    }

    /// Books what a dead process left open, once, under the last segment's closing watermark.
    private mutating func close() -> ShipBatch? {
        guard let current = reader else { return nil }
        isExhausted = true
        finished.append(current.identity)
        reader = nil
        let shipped = watermarks[current.identity.shippingNumber] ?? 0
        guard shipped != ShipBatch.closed else { return nil }
        return ShipBatch(
            segment: current.identity, from: shipped, to: ShipBatch.closed,
            attempts: pairing.unsettled.map(UnsettledEstimate.book))
    }
}
