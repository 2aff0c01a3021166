/// A stretch of one segment, with the attempts that settled in it: what one transaction books.
struct ShipBatch {
    var segment: SegmentIdentity
    /// Offsets in the segment; `to` is `closed` when the segment's epoch is dead and nothing of it is left.
    var from: Int
    var to: Int
    var attempts: [BookedAttempt]
    /// Attempts whose settlement was not found, as they are reckoned. The ledger may have them all the same: a power cut can take
    /// back what was read before, and damage what was booked.
    var estimates: [BookedAttempt] = []

    /// A watermark that no offset reaches: the segment is finished, its unsettled attempts are booked.
    static let closed = Int.max
}
