/// The segments that lie under a state directory: `<state>/journal/<epoch>/<loop>-<number>.journal`.
struct JournalDirectory: Sendable {
    let path: String

    init(state: String) { path = "\(state)/journal" }

    /// Epochs that have a directory, in order.
    func epochs() throws(DiskFault) -> [Int64] {
        try Disk.names(in: path).compactMap { Int64($0) }.sorted()
    }

    func segments(epoch: Int64) throws(DiskFault) -> [SegmentIdentity] {
        try Disk.names(in: "\(path)/\(epoch)").compactMap { SegmentIdentity(epoch: epoch, fileName: $0) }.sorted()
    }

    /// Answers how many bytes that freed.
    @discardableResult
    func remove(_ segment: SegmentIdentity) throws(DiskFault) -> Int {
        let bytes = length(segment)
        try Disk.remove(segment.path(in: path))
        return bytes
    }

    /// In bytes; 0 for one that cannot be read.
    func length(_ segment: SegmentIdentity) -> Int { (try? OpenFile(reading: segment.path(in: path)).length()) ?? 0 }

    /// Takes a segment that was not readable in full out of the way without losing it: it may be needed to tell what was lost.
    /// The oldest are given up for it. Answers how many bytes the journal has less.
    func setAside(_ segment: SegmentIdentity) throws(DiskFault) -> Int {
        let folder = "\(path)/\(Self.damaged)"
        try Disk.makeDirectory(folder)
        let kept = try Disk.names(in: folder).compactMap(Self.setAsideOrder).sorted { $0.epoch < $1.epoch }
        for old in kept.prefix(max(0, kept.count + 1 - Self.damagedMax)) { try Disk.remove("\(folder)/\(old.name)") }
        let bytes = length(segment)
        try Disk.rename(segment.path(in: path), to: "\(folder)/\(segment.epoch)-\(segment.fileName)")
        return bytes
    }

    private static func setAsideOrder(_ name: String) -> (epoch: Int64, name: String)? {
        name.split(separator: "-").first.flatMap { Int64($0) }.map { ($0, name) }
    }

    private static let damaged = "damaged"
    private static let damagedMax = 16

    func removeEpoch(_ epoch: Int64) { Disk.removeEmptyDirectory("\(path)/\(epoch)") }
}
