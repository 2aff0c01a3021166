package import Spec

/// What was used not long ago, by the hours of the rollup.
package struct UsageSince: Hashable, Sendable {
    package var requests: Int64
    /// The beginning of the last hour with a request.
    package var last: Instant
}

/// Questions to the ledger's sums by hour.
package enum RecentUsage {
    /// Of keys by their lineage, within this time up to now by the database's clock; unused ones are left out.
    package static func ofKeys(
        _ transaction: Transaction, _ uids: [String], within: Duration
    ) throws(DatabaseError) -> [String: UsageSince] {
        try sums(transaction, column: "key_uid", type: "uuid", uids, within)
    }

    /// Of models by `provider/model`.
    package static func ofModels(
        _ transaction: Transaction, _ names: [String], within: Duration
    ) throws(DatabaseError) -> [String: UsageSince] {
        try sums(transaction, column: "model", type: "text", names, within)
    }

    private static func sums(
        _ transaction: Transaction, column: String, type: String, _ values: [String], _ within: Duration
    ) throws(DatabaseError) -> [String: UsageSince] {
        guard !values.isEmpty else { return [:] }
        // An hour counts when any part of it does.
        let rows = try transaction.query(
            """
            SELECT \(column), sum(requests)::bigint, \(SQLInstant.milliseconds("max(hour)")) FROM charter.usage_hour
            WHERE \(column) = ANY ($1::\(type)[])
                AND hour > now() - $2::bigint * interval '1 millisecond' - interval '1 hour'
            GROUP BY \(column)
            """, [.texts(values), .integer(within.wholeMilliseconds)])
        var found: [String: UsageSince] = [:]
        for row in rows {
            found[try row.text(0)] = UsageSince(requests: try row.integer(1), last: try row.instant(2))
        }
        return found
    }
}
