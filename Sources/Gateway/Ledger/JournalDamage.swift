/// Bytes of a segment that are no records.
struct JournalDamage: Hashable {
    var segment: SegmentIdentity
    var offset: Int
    var bytes: Int
    var reason: String

    /// For the log.
    var fields: [String: String] {
        ["epoch": String(segment.epoch), "segment": segment.fileName, "offset": String(offset), "bytes": String(bytes), "reason": reason]
    }
}
