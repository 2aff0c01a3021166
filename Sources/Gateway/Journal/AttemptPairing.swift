/// Joins the records of attempts as they are read: what is open, and what an open attempt has produced.
struct AttemptPairing {
    private var open: [AttemptID: Open] = [:]
    /// Attempts that were settled in the segment being read and the one before it; nil where a repetition cannot be. What was
    /// open longer was opened again by a newer segment, so older ones need not be known.
    private var settled: (now: Set<AttemptID>, before: Set<AttemptID>)?
    private var segment = 0
    /// Settlements of attempts that nothing has opened: their `opened` was lost with damage, and they cannot be booked.
    private(set) var unmatched = 0

    /// `isDead`: the writer is gone and its files may have been copied, restored or damaged, so that records can come twice.
    init(isDead: Bool) { settled = isDead ? ([], []) : nil }

    struct Open: Hashable {
        var record: OpenedRecord
        var pieces: Int64
        /// The last that has opened it.
        var segment: Int
    }

    /// The records from here on are of segment `number`.
    mutating func begin(segment number: Int) {
        segment = number
        if let known = settled { settled = ([], known.now) }
    }

    /// The attempt that a record ends, if it does; an attempt that was opened again by a new segment stays as it is.
    mutating func take(_ record: JournalRecord) -> BookedAttempt? {
        switch record {
        case .opened(let opened):
            if open[opened.id] != nil {
                open[opened.id]?.segment = segment
            } else if !wasSettled(opened.id) {
                open[opened.id] = Open(record: opened, pieces: 0, segment: segment)
            }
            return nil
        case .progress(let progress):
            open[progress.id]?.pieces = progress.outputPieces
            return nil
        case .settled(let settled):
            guard let entry = open.removeValue(forKey: settled.id) else {
                if !wasSettled(settled.id) { unmatched += 1 }
                return nil
            }
            self.settled?.now.insert(settled.id)
            return BookedAttempt(opened: entry.record, settled: settled)
        case .segment, .terms, .form, .carried: return nil
        }
    }

    /// What a running writer has not carried into the segment being read, whose `carried` was just taken: its settlement was
    /// in damaged bytes.
    mutating func takeLeftBehind() -> [Open] {
        let left = unsettled.filter { $0.segment < segment }
        for entry in left { open[entry.record.id] = nil }
        return left
    }

    /// One that comes again may come once more, so it is known from here on anew.
    private mutating func wasSettled(_ id: AttemptID) -> Bool {
        guard let known = settled, known.now.contains(id) || known.before.contains(id) else { return false }
        settled?.now.insert(id)
        return true
    }

    var count: Int { open.count }

    /// What is still open, in the order of admission.
    var unsettled: [Open] { open.values.sorted { $0.record.at < $1.record.at } }
}

/// An attempt as the ledger books it.
struct BookedAttempt: Hashable {
    var opened: OpenedRecord
    var settled: SettledRecord
}
