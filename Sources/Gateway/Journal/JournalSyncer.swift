internal import Synchronization

/// Forces written segments onto the disk from a thread of its own, so that no loop ever waits for the disk.
final class JournalSyncer: Sendable {
    private let state = Mutex(State())
    private let thread: WorkerThread
    private let health: JournalHealth
    private let disk: JournalDisk

    private struct State {
        var dirty: [SegmentIdentity: Written] = [:]
        var loops: [Int: LoopState] = [:]
    }

    /// What is known of a loop's journal.
    private struct LoopState {
        /// Of its bytes, how many the disk has.
        var durable = 0
        /// Of its bytes, up to where the disk may lack some.
        var lost = 0
        /// Who is told once.
        var awaiting: (@Sendable (Durability) -> Void)?

        var durability: Durability { Durability(durable: durable, lost: lost) }

        mutating func note(_ mark: Int, lost: Int?) {
            if let lost { self.lost = max(self.lost, lost) }
            durable = max(durable, mark)
        }
    }

    /// How much of a loop's journal the disk has, in bytes since the loop began.
    struct Durability: Sendable {
        var durable: Int
        /// What was written up to here may not be there.
        var lost: Int
    }

    private struct Written {
        var file: OpenFile
        var mark: Int
        /// Where the journal's epochs lie, for a segment whose name the disk may not have yet.
        var newIn: String?
    }

    init(health: JournalHealth, disk: JournalDisk = JournalDisk()) throws(DiskFault) {
        self.health = health
        self.disk = disk
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

    /// Says that `file`, which is `segment`, has bytes that the disk may not have yet, the loop's first `mark` by now; `newIn` is
    /// the journal's folder when they are the segment's first.
    func note(_ file: OpenFile, _ segment: SegmentIdentity, mark: Int, newIn journal: String?) {
        state.withLock { state in
            state.dirty[segment] = Written(file: file, mark: mark, newIn: journal ?? state.dirty[segment]?.newIn)
        }
    }

    /// Tells `body`, once and on the syncer's thread, how much of the loop's journal is durable after the next round, which begins
    /// at once. Who comes during a round shares the next: one fdatasync for all of them.
    func tell(loop: Int, _ body: @escaping @Sendable (Durability) -> Void) {
        state.withLock { $0.loops[loop, default: LoopState()].awaiting = body }
        thread.wake()
    }

    /// Synchronizes everything noted so far. A segment that cannot be is not tried again: see `JournalHealth.suspect`.
    func synchronize() {
        let (written, awaiting) = state.withLock { state in
            defer {
                state.dirty.removeAll(keepingCapacity: true)
                for loop in state.loops.keys { state.loops[loop]?.awaiting = nil }
            }
            return (state.dirty, state.loops.compactMapValues(\.awaiting))
        }
        var lost: [Int: Int] = [:]
        for (segment, entry) in written {
            // Whatever the disk says of it from now on.
            if health.isSuspect(segment) { lost[segment.loop] = max(lost[segment.loop] ?? 0, entry.mark); continue }
            do {
                try disk.synchronize(entry.file)
                if let journal = entry.newIn { try disk.synchronizeNames(epoch: segment.epoch, in: journal) }
            } catch {
                health.suspect(segment, error)
                lost[segment.loop] = max(lost[segment.loop] ?? 0, entry.mark)
            }
        }
        let marks = Dictionary(written.map { ($0.key.loop, $0.value.mark) }, uniquingKeysWith: max)
        let told = state.withLock { state in
            for (loop, mark) in marks { state.loops[loop, default: LoopState()].note(mark, lost: lost[loop]) }
            return awaiting.compactMap { loop, body in state.loops[loop].map { (body, $0.durability) } }
        }
        for (body, durability) in told { body(durability) }
    }

    func stop() {
        thread.stop()
        thread.join()
    }
}
