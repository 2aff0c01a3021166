/// A place between two records of a loop's journal.
struct JournalEnd: Hashable, Sendable {
    var segment: SegmentIdentity
    var offset: Int

    /// Whether a reader in this place has read all that is before it.
    func isReached(in segment: SegmentIdentity, offset: Int) -> Bool {
        segment.number > self.segment.number || segment.number == self.segment.number && offset >= self.offset
    }
}
