/// The journal's bounds.
package struct JournalLimits: Sendable {
    /// A segment above this many bytes is followed by the next: small enough to be gone soon after it is shipped.
    package var segmentBytesMax = 64 << 20
    /// Of all segments, while PostgreSQL is away: above it nothing is served that a budget bounds, and above twice as much nothing at all.
    package var bytesMax = 4 << 30
    /// Records kept in memory while the disk refuses them; above it the gateway refuses every request.
    package var pendingBytesMax = 32 << 20
    /// How much a power cut may cost.
    package var synchronizeEvery = Duration.milliseconds(100)
    /// How much of a stream's output a crash may leave unbooked.
    package var progressEvery = Duration.milliseconds(250)

    package init() {}

    /// A loop's present segment, the one before it and the one after it are there however quickly is shipped.
    func bytesMax(loops: Int) -> Int { max(bytesMax, 3 * segmentBytesMax * loops) }
}
