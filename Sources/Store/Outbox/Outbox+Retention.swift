internal import Spec

extension Outbox {
    /// Gives up what waited past its end, and removes what nobody has to look at any more; answers how many were given up.
    package static func prune(_ transaction: Transaction) throws(DatabaseError) -> Int {
        let givenUp = try transaction.query(
            """
            UPDATE charter.delivery d SET state = 'given_up', settled_at = clock_timestamp()
            FROM charter.recipient r
            WHERE r.name = d.recipient AND d.state = 'waiting' AND d.expires_at <= clock_timestamp()
                AND coalesce(r.claimed_until, '-infinity') <= clock_timestamp()
            """
        ).affected
        let age = SQLValue.integer(retention.wholeMilliseconds)
        try transaction.query(
            """
            DELETE FROM charter.delivery WHERE id IN (SELECT id FROM charter.delivery
                WHERE state <> 'waiting' AND settled_at < clock_timestamp() - $1::bigint * interval '1 millisecond'
                ORDER BY settled_at LIMIT $2)
            """, [age, .integer(batchMax)])
        try transaction.query(
            """
            DELETE FROM charter.event WHERE id IN (SELECT id FROM charter.event e
                WHERE e.at < clock_timestamp() - $1::bigint * interval '1 millisecond' AND e.routed_at IS NOT NULL
                    AND NOT EXISTS (SELECT FROM charter.delivery d WHERE d.event = e.id)
                ORDER BY e.at LIMIT $2)
            """, [age, .integer(batchMax)])
        return givenUp
    }

    /// Rows that one call removes, so that it never holds anybody up.
    private static let batchMax: Int64 = 5_000

    /// Every recipient that has something to say for itself.
    package static func recipients(_ transaction: Transaction) throws(DatabaseError) -> [OutboxRecipient] {
        let rows = try transaction.query(
            """
            SELECT r.name, d.waiting, d.given_up, r.dropped, \(SQLInstant.milliseconds("r.disabled_at")), r.disabled_reason,
                \(SQLInstant.milliseconds("d.oldest"))
            FROM charter.recipient r
            LEFT JOIN (
                SELECT recipient, count(*) FILTER (WHERE state = 'waiting') AS waiting,
                    count(*) FILTER (WHERE state = 'given_up') AS given_up,
                    (SELECT e.at FROM charter.event e WHERE e.id = min(event) FILTER (WHERE state = 'waiting')) AS oldest
                FROM charter.delivery WHERE state IN ('waiting', 'given_up') GROUP BY recipient) d ON d.recipient = r.name
            ORDER BY r.name
            """)
        var found: [OutboxRecipient] = []
        for row in rows {
            found.append(
                OutboxRecipient(
                    name: try row.text(0), waiting: Int(row.integerOrNil(1) ?? 0), givenUp: Int(row.integerOrNil(2) ?? 0),
                    dropped: try row.integer(3), disabledAt: row.instantOrNil(4), disabledReason: row.textOrNil(5),
                    oldestWaiting: row.instantOrNil(6)))
        }
        return found
    }
}
