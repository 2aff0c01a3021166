package import Crypto
package import Spec

/// A key that was minted at run time in a KeyPool.
package struct DelegatedKeyRow: Hashable, Sendable {
    package var uid: String
    package var org: String
    package var orgUID: String
    package var poolUID: String
    package var name: String
    /// Of the secret, which is stored nowhere.
    package var digest: SHA256Digest
    /// How the secret begins.
    package var prefix: String
    /// Name of the Member who minted it.
    package var issuer: String
    /// Fewer than its pool allows; nil for all of them.
    package var scopes: [String]?
    /// Patterns of fewer models than its pool allows; nil for all of them.
    package var models: [String]?
    package var createdAt: Instant
    package var expiresAt: Instant
    package var revokedAt: Instant?
    package var revokedBy: String?

    package init(
        uid: String, org: String, orgUID: String, poolUID: String, name: String, digest: SHA256Digest, prefix: String, issuer: String,
        scopes: [String]?, models: [String]?, createdAt: Instant, expiresAt: Instant
    ) {
        self.uid = uid
        self.org = org
        self.orgUID = orgUID
        self.poolUID = poolUID
        self.name = name
        self.digest = digest
        self.prefix = prefix
        self.issuer = issuer
        self.scopes = scopes
        self.models = models
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Whether it opens anything at a time.
    package func isAlive(at now: Instant) -> Bool { revokedAt == nil && now < expiresAt }
}

extension DelegatedKeyRow {
    /// Lists come as lines, since no name holds one's end.
    static let columns = """
        uid, org, org_uid, parent_uid, name, digest, prefix, caller,
        array_to_string(ARRAY(SELECT jsonb_array_elements_text(restrictions->'scopes')), E'\\n'),
        array_to_string(ARRAY(SELECT jsonb_array_elements_text(restrictions->'models')), E'\\n'),
        \(SQLInstant.milliseconds("created_at")), \(SQLInstant.milliseconds("expires_at")),
        \(SQLInstant.milliseconds("revoked_at")), revoked_by
        """

    init(_ row: Row) throws(DatabaseError) {
        func lines(_ column: Int) throws(DatabaseError) -> [String]? {
            let text = try row.text(column)
            return text.isEmpty ? nil : text.split(separator: "\n").map(String.init)
        }
        self.init(
            uid: try row.text(0), org: try row.text(1), orgUID: try row.text(2), poolUID: try row.text(3), name: try row.text(4),
            digest: try row.digest(5), prefix: try row.text(6), issuer: try row.text(7), scopes: try lines(8), models: try lines(9),
            createdAt: try row.instant(10), expiresAt: try row.instant(11))
        revokedAt = row.instantOrNil(12)
        revokedBy = row.textOrNil(13)
    }
}
