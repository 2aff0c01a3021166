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
    func hash(after previous: SHA256Digest) -> SHA256Digest {
        var payload = previous.bytes
        for column in [String(sequence), String(at.milliseconds), org, actor, action, subject, detail] {
            payload.append(contentsOf: "\(column.utf8.count):\(column)".utf8)
        }
        return SHA256.digest(payload)
    }
}
