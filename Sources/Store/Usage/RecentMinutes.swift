package import Spec

/// What one key used in one minute under one requested name.
package struct UsageOfMinute: Hashable, Sendable {
    package var orgUID: String
    package var projectUID: String?
    package var memberUID: String?
    package var keyUID: String
    /// Of a key that was minted in it.
    package var poolUID: String?
    /// The route, or `provider/model`, that the client named.
    package var name: String
    /// The beginning of the minute.
    package var minute: Instant
    package var tokens: Int64
    package var requests: Int64
}

extension RecentUsage {
    /// What was admitted since a moment by these keys and in these organizations, by lineage, read once from the rows.
    package static func minutes(
        _ transaction: Transaction, since: Instant, orgs: Set<String>, keys: Set<String>
    ) throws(DatabaseError) -> [UsageOfMinute] {
        guard !orgs.isEmpty || !keys.isEmpty else { return [] }
        let rows = try transaction.query(
            """
            SELECT org_uid, project_uid, member_uid, key_uid, \(UsageTerms.countedName),
                (floor(extract(epoch FROM at) / 60) * 60000)::bigint, sum(tokens)::bigint, sum(requests)::bigint,
                (SELECT d.parent_uid FROM charter.delegated_key d WHERE d.uid = u.key_uid)
            FROM charter.usage u WHERE at >= $1 AND (org_uid = ANY ($2::uuid[]) OR key_uid = ANY ($3::uuid[]))
            GROUP BY 1, 2, 3, 4, 5, 6
            """, [.instant(since), .texts(orgs), .texts(keys)])
        var minutes: [UsageOfMinute] = []
        minutes.reserveCapacity(rows.count)
        for row in rows {
            minutes.append(
                UsageOfMinute(
                    orgUID: try row.text(0), projectUID: row.textOrNil(1), memberUID: row.textOrNil(2), keyUID: try row.text(3),
                    poolUID: row.textOrNil(8), name: try row.text(4), minute: Instant(milliseconds: try row.integer(5)), tokens: try row.integer(6),
                    requests: try row.integer(7)))
        }
        return minutes
    }
}
