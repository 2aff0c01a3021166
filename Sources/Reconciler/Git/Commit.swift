package import Spec

/// One commit, as far as Charter speaks of it.
package struct Commit: Hashable, Sendable {
    package var id: ObjectID
    package var tree: ObjectID
    package var firstParent: ObjectID?
    /// `Name <mail>`.
    package var author: String
    package var committedAt: Instant
    /// The message's first line.
    package var summary: String
}
