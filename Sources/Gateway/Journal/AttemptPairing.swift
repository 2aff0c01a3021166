/// Joins the records of attempts as they are read: what is open, and what an open attempt has produced.
struct AttemptPairing {
    private var open: [AttemptID: Open] = [:]

    struct Open: Hashable {
        var record: OpenedRecord
        var pieces: Int64
    }

    /// The attempt that a record ends, if it does; an attempt that was opened again by a new segment stays as it is.
    mutating func take(_ record: JournalRecord) -> BookedAttempt? {
        switch record {
        case .opened(let opened):
            if open[opened.id] == nil { open[opened.id] = Open(record: opened, pieces: 0) }
            return nil
        case .progress(let progress):
            open[progress.id]?.pieces = progress.outputPieces
            return nil
        case .settled(let settled):
            guard let entry = open.removeValue(forKey: settled.id) else { return nil }
            return BookedAttempt(opened: entry.record, settled: settled)
        case .segment, .terms, .form, .carried: return nil
        }
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
