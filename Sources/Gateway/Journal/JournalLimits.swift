/// The journal's bounds.
package struct JournalLimits: Sendable {
    /// A segment above this many bytes is followed by the next: small enough to be gone soon after it is shipped.
    package var segmentBytesMax = 64 << 20
    /// Records kept in memory while the disk refuses them; above it the gateway refuses every request.
    package var pendingBytesMax = 32 << 20
    /// How much a power cut may cost.
    package var synchronizeEvery = Duration.milliseconds(100)
    /// How much of a stream's output a crash may leave unbooked.
    package var progressEvery = Duration.milliseconds(250)

    package init() {}
}
