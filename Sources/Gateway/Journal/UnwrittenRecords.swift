/// Records that the disk has refused to the end: whoever ships the journal books them from memory.
struct UnwrittenRecords: Sendable {
    /// Where they belong.
    var segment: SegmentIdentity
    var offset: Int
    var bytes: [UInt8]
    /// Attempts that settle among them, and what those cost in nano-USD.
    var settled: Int
    var cost: Int64
}
