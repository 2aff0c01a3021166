internal import Synchronization

/// Whether the journal can be written, as every thread may ask.
package final class JournalHealth: Sendable {
    private let faults = Mutex<[Int: DiskFault]>([:])
    private let failing = Atomic<Bool>(false)

    package init() {}

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
