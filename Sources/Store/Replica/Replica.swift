package import Spec

/// What one gateway says it enforces.
package struct Replica: Hashable, Sendable {
    package var id: String
    package var epoch: Int64
    package var revision: Int64
    /// 64 hexadecimal digits, computed by the gateway from what it loaded.
    package var stateDigest: String
    package var version: String
    /// Up to which change of overrides it enforces them.
    package var overrideSequence: Int64
    package var startedAt: Instant
    /// Set by the database.
    package var reportedAt: Instant
    /// When it first reported this revision and digest; set by the database.
    package var since: Instant

    package init(
        id: String, epoch: Int64, revision: Int64, stateDigest: String, version: String, startedAt: Instant, overrideSequence: Int64 = 0,
        reportedAt: Instant = Instant(milliseconds: 0), since: Instant = Instant(milliseconds: 0)
    ) {
        self.id = id
        self.epoch = epoch
        self.revision = revision
        self.stateDigest = stateDigest
        self.version = version
        self.startedAt = startedAt
        self.overrideSequence = overrideSequence
        self.reportedAt = reportedAt
        self.since = since
    }
}
