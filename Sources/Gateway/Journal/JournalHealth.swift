internal import Synchronization

/// Whether the journal can be written, as every thread may ask.
package final class JournalHealth: Sendable {
    private let faults = Mutex<[Int: DiskFault]>([:])
    private let failing = Atomic<Bool>(false)

    private let bytesOnDisk = Atomic<Int>(0)
    private let bytesMax: Int

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

    /// Whether some loop's records wait in memory because the disk refused them.
    package var isFailing: Bool { failing.load(ordering: .relaxed) }

    /// What the disk said, for the readiness page.
    package var fault: DiskFault? { faults.withLock { $0.min { $0.key < $1.key }?.value } }

    func failed(loop: Int, _ fault: DiskFault) {
        faults.withLock { $0[loop] = fault }
        failing.store(true, ordering: .relaxed)
    }

    func recovered(loop: Int) {
        let isClean = faults.withLock { $0[loop] = nil; return $0.isEmpty }
        failing.store(!isClean, ordering: .relaxed)
    }
}
