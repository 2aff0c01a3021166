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
        let file = segment.path(in: path)
        let length = (try? OpenFile(reading: file).length()) ?? 0
        try Disk.remove(file)
        return length
    }

    func removeEpoch(_ epoch: Int64) { Disk.removeEmptyDirectory("\(path)/\(epoch)") }
}
