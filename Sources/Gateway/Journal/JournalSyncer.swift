internal import Synchronization

/// Forces written segments onto the disk from a thread of its own, so that no loop ever waits for the disk.
final class JournalSyncer: Sendable {
    private let dirty = Mutex<[ObjectIdentifier: OpenFile]>([:])
    private let thread: WorkerThread
    private let health: JournalHealth

    init(health: JournalHealth) throws(DiskFault) {
        self.health = health
        thread = try WorkerThread()
    }

    /// Starts the thread, which synchronizes what is dirty every `interval`.
    func start(every interval: Duration) {
        thread.start(name: "journal-sync") { [self] thread in
            while !thread.isStopping {
                synchronize()
                thread.sleep(interval)
            }
            synchronize()
        }
    }

    /// Says that `file` has bytes that the disk may not have yet.
    func note(_ file: OpenFile) {
        dirty.withLock { $0[ObjectIdentifier(file)] = file }
    }

    /// Synchronizes everything noted so far; a fault is reported as the journal's, since what it covered may be lost.
    private func synchronize() {
        let files = dirty.withLock { noted in
            defer { noted.removeAll(keepingCapacity: true) }
            return noted
        }
        guard !files.isEmpty else { return }
        var fault: DiskFault?
        for file in files.values {
            do {
                try file.synchronize()
            } catch {
                fault = error
                note(file)
            }
        }
        if let fault { health.failed(loop: Self.healthSlot, fault) } else { health.recovered(loop: Self.healthSlot) }
    }

    func stop() {
        thread.stop()
        thread.join()
    }

    /// The syncer's own place among the loops' in `JournalHealth`.
    private static let healthSlot = -1
}
