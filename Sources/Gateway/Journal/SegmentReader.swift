/// Reads the records of one segment in order, also while it is being written.
struct SegmentReader {
    let identity: SegmentIdentity
    /// Where the next record begins.
    private(set) var offset = 0
    private let file: OpenFile
    private let disk: JournalDisk
    private var window: [UInt8] = []
    private var windowStart = 0
    /// Up to where was looked in vain for a record behind damage.
    private var searched = 0
    /// Named by the segment so far.
    private var names = SegmentNames()

    /// Why no further record can be read now.
    enum Stop: Equatable {
        /// Every byte has been read, or the last ones are the beginning of a record.
        case end
        case damaged(String)
    }

    init(_ identity: SegmentIdentity, in directory: String, disk: JournalDisk) throws(DiskFault) {
        self.identity = identity
        self.disk = disk
        file = try OpenFile(reading: identity.path(in: directory))
    }

    /// Calls `body` with each record and the offset after it until it returns false or no whole record is left. After a
    /// fault the reader stands behind the last record that `body` has seen.
    mutating func forEach(_ body: (JournalRecord, Int) -> Bool) throws(DiskFault) -> Stop? {
        while true {
            switch readInWindow() {
            case .record(let record, let end):
                offset = end
                names.note(record)
                if !body(record, end) { return nil }
            case .damaged(let reason): return .damaged(reason)
            case .incomplete:
                if try !refill() { return .end }
            }
        }
    }

    private func readInWindow() -> RecordFrame.Reading {
        window.withUnsafeBytes { bytes in
            switch RecordFrame.read(bytes, at: offset - windowStart, names: names) {
            case .record(let record, let end): .record(record, end: end + windowStart)
            case let other: other
            }
        }
    }

    /// Reads on from the next record; false when that brought no new bytes.
    private mutating func refill() throws(DiskFault) -> Bool {
        let known = windowStart + window.count - offset
        let available = try file.length() - offset
        guard available > known else { return false }
        window = try disk.read(file, offset, min(available, Self.windowBytes))
        windowStart = offset
        return window.count > known
    }

    /// Moves behind bytes that are no record to the next one that is, and answers how many were left out; nil where none is in sight.
    mutating func skipDamage() throws(DiskFault) -> Int? {
        var start = max(offset + 1, searched)
        while true {
            let bytes = try disk.read(file, start, Self.windowBytes)
            let found = bytes.withUnsafeBytes { RecordFrame.firstRecord(in: $0, names: names) }
            if let found {
                defer { moveTo(start + found) }
                return start + found - offset
            }
            // A frame that begins in the second half may end behind the window.
            guard bytes.count == Self.windowBytes else {
                searched = max(start, start + bytes.count - RecordFrame.bytesMax)
                return nil
            }
            start += Self.windowBytes - RecordFrame.bytesMax
        }
    }

    private mutating func moveTo(_ place: Int) {
        offset = place
        window = []
        windowStart = place
        searched = 0
    }

    /// Bytes behind the last whole record.
    func unreadBytes() throws(DiskFault) -> Int { max(0, try file.length() - offset) }

    /// Reads on in records that never reached the file; false when they do not follow what was read.
    mutating func readOn(in rest: UnwrittenRecords) -> Bool {
        // Some may have been read in the file: a part of a write that failed.
        guard rest.segment == identity, (rest.offset...rest.offset + rest.bytes.count).contains(offset) else { return false }
        window = rest.bytes
        windowStart = rest.offset
        return true
    }

    /// Makes sure that what was read is on the disk.
    func synchronize() throws(DiskFault) { try disk.synchronize(file) }

    /// Larger than the largest record.
    private static let windowBytes = 2 * RecordFrame.bytesMax
}
