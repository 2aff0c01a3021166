/// Reads the records of one segment in order, also while it is being written.
struct SegmentReader {
    let identity: SegmentIdentity
    /// Where the next record begins.
    private(set) var offset = 0
    private let file: OpenFile
    private var window: [UInt8] = []
    private var windowStart = 0
    /// Named by the segment so far.
    private var names = SegmentNames()

    /// Why no further record can be read now.
    enum Stop: Equatable {
        /// Every byte has been read, or the last ones are the beginning of a record.
        case end
        case damaged(String)
    }

    init(_ identity: SegmentIdentity, in directory: String) throws(DiskFault) {
        self.identity = identity
        file = try OpenFile(reading: identity.path(in: directory))
    }

    /// Calls `body` with each record and the offset after it until it returns false or no whole record is left.
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
        window = try file.read(at: offset, max: min(available, Self.windowBytes))
        windowStart = offset
        return window.count > known
    }

    /// Makes sure that what was read is on the disk.
    func synchronize() throws(DiskFault) { try file.synchronize() }

    /// Larger than the largest record.
    private static let windowBytes = 2 * RecordFrame.payloadBytesMax
}
