internal import Crypto
package import Spec

/// One administrative act, chained to the one before.
package struct AuditRecord: Hashable, Sendable {
    package var sequence: Int64
    package var at: Instant
    package var org: String
    package var actor: String
    package var action: String
    package var subject: String
    /// JSON text.
    package var detail: String
    package var previous: String
    package var hash: String

    /// SHA-256 of the previous hash and of the length and text of every column, so that no text can pass for two columns.
    static func hash(
        previous: SHA256Digest, sequence: Int64, at: Instant, org: String, actor: String, action: String, subject: String,
        detail: String
    ) -> SHA256Digest {
        var payload = previous.bytes
        for column in [String(sequence), String(at.milliseconds), org, actor, action, subject, detail] {
            payload.append(contentsOf: "\(column.utf8.count):\(column)".utf8)
        }
        return SHA256.digest(payload)
    }
}

/// Whether the chain of administrative acts is whole.
package enum AuditVerdict: Hashable, Sendable {
    /// `head` is the last hash; compare it with one that was logged elsewhere.
    case intact(count: Int64, head: String)
    /// The first row that does not follow from the one before, or that is missing.
    case broken(at: Int64)
}
