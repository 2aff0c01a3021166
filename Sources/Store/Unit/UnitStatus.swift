package import Spec

/// Where a unit stands on its way from Git to enforcement.
package struct UnitStatus: Hashable, Sendable {
    package var name: String
    package var repository: String
    package var folder: String
    /// When the unit was first heard of.
    package var createdAt: Instant
    /// The tip of the branch when it was last read.
    package var fetched: CommitMark?
    /// Why the last fetch failed; nil after one that succeeded.
    package var fetchError: FetchFailure?
    /// Why a mirror that has grown too large is kept all the same; nil while there is nothing to say of it.
    package var mirrorKept: String?
    /// When fetching began to succeed, or to fail; nil before the first time.
    package var fetchSince: Instant?
    package var validated: CommitMark?
    /// What the validated commit asks for; nil where nobody computed it.
    package var asked: AskedState?
    /// A newer commit that cannot be applied.
    package var rejected: Rejection?
    /// The newest revision that moved this unit.
    package var applied: Int64?

    /// Since when nothing was read of the repository; nil while it can be read.
    package var staleSince: Instant? {
        fetchError == nil ? nil : fetched?.at
    }

    package struct CommitMark: Hashable, Sendable {
        package var commit: String
        package var at: Instant

        package init(commit: String, at: Instant) {
            self.commit = commit
            self.at = at
        }
    }

    /// The whole state as it would be with a unit's commit applied.
    package struct AskedState: Hashable, Sendable {
        /// 64 hexadecimal digits.
        package var digest: String
        /// The newest revision when it was computed, which other units may have left behind; 0 before the first.
        package var beside: Int64

        package init(digest: String, beside: Int64) { (self.digest, self.beside) = (digest, beside) }
    }

    package struct FetchFailure: Hashable, Sendable {
        package var message: String
        package var at: Instant
    }

    package struct Rejection: Hashable, Sendable {
        package var commit: String
        package var at: Instant
        /// A JSON array, as the reconciler wrote it.
        package var diagnostics: String
    }
}

/// The outcome of reading a unit's branch.
package enum FetchStatus: Hashable, Sendable {
    case tip(commit: String)
    case failed(message: String)
}
