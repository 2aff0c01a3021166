internal import Synchronization

/// Whether the journal can be written, as every thread may ask.
package final class JournalHealth: Sendable {
    private let faults = Mutex(Faults())
    private let failing = Atomic<Bool>(false)
    private let distrusting = Atomic<Bool>(false)

    private let bytesOnDisk = Atomic<Int>(0)
    private let bytesMax: Int
    private let bytesLost = Atomic<Int>(0)

    private struct Faults {
        /// By loop: the disk refuses its records.
        var refused: [Int: DiskFault] = [:]
        /// Segments that the disk may not have, whatever it says from now on.
        var suspects: [SegmentIdentity: DiskFault] = [:]
    }

    /// `bytesMax` is `JournalLimits.bytesMax`.
    package init(bytesMax: Int = .max / 2) { self.bytesMax = bytesMax }

    /// Of the segments that this process has written and not removed.
    package var bytes: Int { bytesOnDisk.load(ordering: .relaxed) }

    /// Whether so much waits for PostgreSQL that what a budget bounds must not be served.
    package var isFull: Bool { bytes > bytesMax }

    /// Whether so much waits that nothing may be served.
    package var isOverfull: Bool { bytes > 2 * bytesMax }

    /// Whether spending could go unrecorded: no hard budget can be kept then.
    package var closesBudgets: Bool { isFailing || isFull }

    func grew(by count: Int) { bytesOnDisk.add(count, ordering: .relaxed) }
    func shrank(by count: Int) { bytesOnDisk.subtract(count, ordering: .relaxed) }

    /// Bytes of segments that could not be read.
    package var lostBytes: Int { bytesLost.load(ordering: .relaxed) }
    func lost(bytes count: Int) { bytesLost.add(count, ordering: .relaxed) }

    /// Whether some loop's records wait in memory because the disk refused them, or lie where a power cut may take them.
    package var isFailing: Bool { failing.load(ordering: .relaxed) }

    /// What the disk said, for the readiness page.
    package var fault: DiskFault? {
        faults.withLock { faults in
            faults.refused.min { $0.key < $1.key }?.value ?? faults.suspects.min { $0.key < $1.key }?.value
        }
    }

    func failed(loop: Int, _ fault: DiskFault) { change { $0.refused[loop] = fault } }
    func recovered(loop: Int) { change { $0.refused[loop] = nil } }

    /// A segment could not be forced onto the disk. The kernel says so once and takes its pages for written from then on
    /// (fsync(2), "a subsequent fsync may succeed"), so that no later success means anything: its records are safe
    /// only when PostgreSQL has them.
    func suspect(_ segment: SegmentIdentity, _ fault: DiskFault) { change { $0.suspects[segment] = fault } }

    /// The segment is shipped whole and gone.
    func removed(_ segment: SegmentIdentity) {
        if isDistrusting { change { $0.suspects[segment] = nil } }
    }

    /// Whether any segment is not to be trusted.
    var isDistrusting: Bool { distrusting.load(ordering: .relaxed) }

    func isSuspect(_ segment: SegmentIdentity) -> Bool {
        isDistrusting && faults.withLock { $0.suspects[segment] != nil }
    }

    private func change(_ body: (inout Faults) -> Void) {
        // Both are stored before the lock is let go: a later change must not be overwritten by an earlier one.
        faults.withLock { faults in
            body(&faults)
            failing.store(!faults.refused.isEmpty || !faults.suspects.isEmpty, ordering: .relaxed)
            distrusting.store(!faults.suspects.isEmpty, ordering: .relaxed)
        }
    }
}
