package import Spec

/// The word of a member that one plan may pass.
package struct Approval: Hashable, Sendable {
    package var id: Int64
    package var digest: String
    package var unit: String
    package var org: String
    package var member: String
    package var reason: String
    package var at: Instant
    package var expiresAt: Instant
    /// By the database's clock, when it was read.
    package var isExpired: Bool
}

/// A plan that a unit holds back until somebody lets it pass.
package struct WaitingPlan: Hashable, Sendable {
    package var unit: String
    package var digest: String
    package var commit: String
    package var author: String
    /// Set by the database when the plan began to wait.
    package var since: Instant
    /// A JSON array of reasons.
    package var blocks: String
    /// A JSON array of sentences on approvals that do not count.
    package var remarks: String

    package init(
        unit: String, digest: String, commit: String, author: String, since: Instant = Instant(milliseconds: 0),
        blocks: String, remarks: String
    ) {
        self.unit = unit
        self.digest = digest
        self.commit = commit
        self.author = author
        self.since = since
        self.blocks = blocks
        self.remarks = remarks
    }

    /// Digits by which people name a digest: enough that no two plans share them.
    package static let digitsShown = 16
    /// The fewest by which they may.
    private static let digitsMin = 12

    /// Whether the words a person typed name the digest.
    package static func names(_ text: String, _ digest: String) -> Bool {
        text.utf8.count >= digitsMin && digest.hasPrefix(text.lowercased())
    }

    package func isNamed(by text: String) -> Bool { Self.names(text, digest) }
}
