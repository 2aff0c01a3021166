/// Which part of the journal a segment is: the epoch of the process, the loop that wrote it, its number there.
package struct SegmentIdentity: Hashable, Sendable, Comparable {
    package var epoch: Int64
    package var loop: Int
    package var number: Int

    package init(epoch: Int64, loop: Int, number: Int) {
        self.epoch = epoch
        self.loop = loop
        self.number = number
    }

    /// The number under which PostgreSQL knows how far the segment was shipped, unique within the epoch.
    package var shippingNumber: Int64 { Int64(loop) << 32 | Int64(number) }
    var fileName: String { "\(loop)-\(number)\(Self.suffix)" }
    private static let suffix = ".journal"

    /// Nil for a file that is no segment.
    init?(epoch: Int64, fileName: String) {
        guard fileName.hasSuffix(Self.suffix) else { return nil }
        let parts = fileName.dropLast(Self.suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let loop = Int(parts[0]), let number = Int(parts[1]), loop >= 0, number >= 0, number <= Int(Int32.max) else { return nil }
        self.init(epoch: epoch, loop: loop, number: number)
    }

    func path(in journal: String) -> String { "\(journal)/\(epoch)/\(fileName)" }

    package static func < (a: SegmentIdentity, b: SegmentIdentity) -> Bool {
        (a.epoch, a.loop, a.number) < (b.epoch, b.loop, b.number)
    }

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        epoch = try decoder.signed()
        loop = try decoder.int()
        number = try decoder.int()
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(epoch)
        encoder.put(loop)
        encoder.put(number)
    }
}
