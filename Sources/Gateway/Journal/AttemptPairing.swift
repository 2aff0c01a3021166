/// Joins the records of attempts as they are read: what is open, and what an open attempt has produced.
struct AttemptPairing {
    private var open: [AttemptID: Open] = [:]
    /// Attempts that were settled in the segment being read and the one before it; nil where a repetition cannot be. What was
    /// open longer was opened again by a newer segment, so older ones need not be known.
    private var settled: (now: Set<AttemptID>, before: Set<AttemptID>)?

    /// `isDead`: the writer is gone and its files may have been copied, restored or damaged, so that records can come twice.
    init(isDead: Bool) { settled = isDead ? ([], []) : nil }

    struct Open: Hashable {
        var record: OpenedRecord
        var pieces: Int64
    }

    /// The attempt that a record ends, if it does; an attempt that was opened again by a new segment stays as it is.
    mutating func take(_ record: JournalRecord) -> BookedAttempt? {
        switch record {
        case .opened(let opened):
            if open[opened.id] == nil, !wasSettled(opened.id) { open[opened.id] = Open(record: opened, pieces: 0) }
            return nil
        case .progress(let progress):
            open[progress.id]?.pieces = progress.outputPieces
            return nil
        case .settled(let settled):
            guard let entry = open.removeValue(forKey: settled.id) else { return nil }
            self.settled?.now.insert(settled.id)
            return BookedAttempt(opened: entry.record, settled: settled)
        case .segment:
            if let known = settled { settled = ([], known.now) }
            return nil
        case .terms, .form, .carried: return nil
        }
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
