/// Writes one loop's records: they gather in memory during an event batch and go to the segment in one write.
///
/// Confined to the loop's thread. Records that the disk refuses stay in memory and are tried again.
package final class JournalWriter {
    private let directory: String
    private let limits: JournalLimits
    private let health: JournalHealth
    private let syncer: JournalSyncer
    private let disk: JournalDisk
    private var identity: SegmentIdentity
    private var file: OpenFile
    private var length = 0
    private var pending = RecordEncoder()
    /// Of the settlements in `pending`.
    private var pendingSettled = 0
    private var pendingCost: Int64 = 0
    /// Attempts without a settlement yet, with what their streams have produced: what the next segment begins with.
    private var open: [AttemptID: Open] = [:]
    /// Numbers of the terms and forms that the present segment names.
    private var named: Set<Int64> = []
    private var lastNumber: Int64 = 0
    /// Until the first flush nobody knows.
    private var isFailing = true
    private var rotatedAt = WallClock.monotonicNanoseconds
    private(set) var bytesWritten = 0
    private(set) var writes = 0

    private struct Open {
        var record: OpenedRecord
        var pieces: Int64
    }

    /// Creates the loop's first segment of this epoch under `directory`.
    init(
        directory: String, epoch: Int64, loop: Int, limits: JournalLimits, health: JournalHealth, syncer: JournalSyncer,
        disk: JournalDisk = JournalDisk()
    ) throws(DiskFault) {
        self.directory = directory
        self.limits = limits
        self.health = health
        self.syncer = syncer
        self.disk = disk
        identity = SegmentIdentity(epoch: epoch, loop: loop, number: 0)
        try Disk.makeDirectory("\(directory)/\(epoch)")
        file = try disk.create(identity.path(in: directory))
        JournalRecord.segment(identity).encode(into: &pending)
        JournalRecord.carried.encode(into: &pending)
        flush()
    }

    /// Whether so much waits for the disk, or on it, that nothing more may be admitted.
    package var isFull: Bool { pending.bytes.count > limits.pendingBytesMax || health.isOverfull }
    /// Attempts opened and not settled.
    package var openCount: Int { open.count }
    /// Whether records wait for the disk.
    var hasUnwritten: Bool { !pending.bytes.isEmpty }

    /// Of the loop's bytes, where those appended so far end.
    var mark: Int { bytesWritten + pending.bytes.count }

    /// Where the records appended so far end, once they are written.
    var end: JournalEnd { JournalEnd(segment: identity, offset: length + pending.bytes.count) }

    /// A number for new terms or a new form.
    package func nextNumber() -> Int64 {
        lastNumber += 1
        return lastNumber
    }

    package func append(_ record: OpenedRecord) {
        open[record.id] = Open(record: record, pieces: 0)
        encode(record)
    }

    private func encode(_ record: OpenedRecord) {
        if named.insert(record.terms.number).inserted { JournalRecord.terms(record.terms).encode(into: &pending) }
        pending.frame(.opened) { record.encode(into: &$0) }
    }

    package func append(_ record: ProgressRecord) {
        guard open[record.id] != nil else { return }
        open[record.id]?.pieces = record.outputPieces
        JournalRecord.progress(record).encode(into: &pending)
    }

    package func append(_ record: SettledRecord) {
        open[record.id] = nil
        if case .filled(let form, _) = record.detail, named.insert(form.number).inserted {
            JournalRecord.form(form).encode(into: &pending)
        }
        pending.frame(.settled) { record.encode(into: &$0) }
        pendingSettled += 1
        pendingCost &+= record.cost
    }

    /// Writes what was appended; false when that is not the kernel's yet, and then `health` says why.
    @discardableResult
    package func flush() -> Bool {
        // Without records too while something is wrong: with all budgets closed there may never be another.
        guard hasUnwritten || isFailing || health.isDistrusting else { return true }
        var isWritten = false
        do {
            if hasUnwritten { try writePending() }
            isWritten = true
            if isDue { try rotate() }
            if isFailing { health.recovered(loop: identity.loop) }
            isFailing = false
        } catch {
            isFailing = true
            health.failed(loop: identity.loop, error)
        }
        return isWritten
    }

    /// Whether the next segment is to begin.
    private var isDue: Bool {
        length >= limits.segmentBytesMax
            || health.isSuspect(identity) && WallClock.monotonicNanoseconds - rotatedAt >= Self.suspectNanoseconds
    }

    /// How long a segment that is not to be trusted is used at least: a disk that is broken for good must not be filled with new ones.
    private static let suspectNanoseconds: Int64 = 1_000_000_000

    /// Takes what the disk would not have, when the loop ends.
    func takeUnwritten() -> UnwrittenRecords? {
        guard hasUnwritten else { return nil }
        defer { forgetPending() }
        return UnwrittenRecords(
            segment: identity, offset: length, bytes: pending.bytes, settled: pendingSettled, cost: pendingCost)
    }

    private func writePending() throws(DiskFault) {
        do {
            try disk.write(file, pending.bytes, length)
        } catch {
            // A part may have been written; the next try begins at `length` again, and a reader must not see half a record.
            try? file.truncate(to: length)
            throw error
        }
        let isFirst = length == 0
        length += pending.bytes.count
        bytesWritten += pending.bytes.count
        health.grew(by: pending.bytes.count)
        writes += 1
        forgetPending()
        syncer.note(file, identity, mark: bytesWritten, newIn: isFirst ? directory : nil)
    }

    private func forgetPending() {
        pending.removeAll()
        pendingSettled = 0
        pendingCost = 0
    }

    /// Begins the next segment with everything still open, so that the old one is needed no more once it is shipped.
    private func rotate() throws(DiskFault) {
        var next = identity
        next.number += 1
        file = try disk.create(next.path(in: directory))
        identity = next
        length = 0
        rotatedAt = WallClock.monotonicNanoseconds
        named = []
        JournalRecord.segment(next).encode(into: &pending)
        for entry in open.values {
            encode(entry.record)
            guard entry.pieces > 0 else { continue }
            JournalRecord.progress(ProgressRecord(id: entry.record.id, outputPieces: entry.pieces)).encode(into: &pending)
        }
        JournalRecord.carried.encode(into: &pending)
        try writePending()
    }
}
