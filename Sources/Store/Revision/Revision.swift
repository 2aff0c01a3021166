package import Spec

/// One state that was enforced; numbered over all units.
package struct Revision: Hashable, Sendable {
    package var id: Int64
    /// The unit that moved.
    package var unit: String
    package var commit: String
    /// The revision before; nil for the first.
    package var parent: Int64?
    /// `Name <mail>`
    package var author: String
    package var message: String
    package var committedAt: Instant
    package var appliedAt: Instant
    /// The commit at which each unit stands.
    package var vector: [String: String]
    /// 64 hexadecimal digits.
    package var stateDigest: String
    /// The oldest gateway that understands this state; empty for any.
    package var minEngine: String
    package var counts: ChangeCounts
    /// What brought it about.
    package var act = RevisionAct.apply
    /// The revision whose state a rollback brought back.
    package var restored: Int64?

    package init(
        id: Int64, unit: String, commit: String, parent: Int64?, author: String, message: String,
        committedAt: Instant, appliedAt: Instant, vector: [String: String], stateDigest: String,
        minEngine: String = "", counts: ChangeCounts
    ) {
        self.id = id
        self.unit = unit
        self.commit = commit
        self.parent = parent
        self.author = author
        self.message = message
        self.committedAt = committedAt
        self.appliedAt = appliedAt
        self.vector = vector
        self.stateDigest = stateDigest
        self.minEngine = minEngine
        self.counts = counts
    }
}

/// What brings a revision about.
package enum RevisionAct: String, Sendable {
    /// A commit was applied.
    case apply
    /// What other hands changed in the database was put right.
    case correct
    /// A person brought back the state of an earlier revision.
    case rollback
}

/// How many resources an apply touched.
package struct ChangeCounts: Hashable, Sendable {
    package var created: Int
    package var updated: Int
    package var renamed: Int
    package var deleted: Int

    package init(created: Int = 0, updated: Int = 0, renamed: Int = 0, deleted: Int = 0) {
        self.created = created
        self.updated = updated
        self.renamed = renamed
        self.deleted = deleted
    }
}
