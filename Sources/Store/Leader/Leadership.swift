/// Who alone may do something, decided by rows that expire on the database's clock.
package enum Leadership {
    /// Takes the lead when nobody holds it, or when the same holder does: a restarted process fences off its former self.
    ///
    /// A lease that ends much later than anybody takes one is of a time that the clock was set back from, and counts for nothing.
    ///
    /// - Returns: nil while somebody else leads, or is within a transaction that checked its token.
    package static func acquire(
        _ transaction: Transaction, name: String, holder: String, ttl: Duration
    ) throws(DatabaseError) -> FencingToken? {
        // A leader's apply may take much longer than a question may wait.
        let isLocked = try transaction.query(
            """
            SELECT FROM charter.leader WHERE name = $1 AND NOT EXISTS (
                SELECT FROM (SELECT FROM charter.leader WHERE name = $1 FOR UPDATE SKIP LOCKED) AS free)
            """, [.text(name)]
        ).count == 1
        guard !isLocked else {
            try endFrozen(transaction, name: name)
            return nil
        }
        let rows = try transaction.query(
            """
            INSERT INTO charter.leader AS l (name, holder, token, acquired_at, expires_at)
            VALUES ($1, $2, 1, clock_timestamp(), clock_timestamp() + $3::bigint * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = l.token + 1,
                acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
            WHERE l.expires_at <= clock_timestamp() OR l.holder = excluded.holder
                OR l.expires_at > clock_timestamp() + $4::bigint * interval '1 millisecond'
            RETURNING token
            """, [.text(name), .text(holder), milliseconds(ttl), milliseconds(max(ttl * leasesAheadMax, aheadMin))])
        guard let row = rows.first else { return nil }
        return FencingToken(name: name, holder: holder, number: try row.integer(0))
    }

    /// Leads for another `ttl` from now on, also when the lead had run out but nobody else took it: what takes longer than a lead
    /// lasts is lost only to somebody who led meanwhile.
    package static func renew(_ transaction: Transaction, _ token: FencingToken, ttl: Duration) throws {
        let rows = try transaction.query(
            """
            UPDATE charter.leader SET expires_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
            WHERE name = $1 AND token = $2
            """, [.text(token.name), .integer(token.number), milliseconds(ttl)])
        guard rows.affected == 1 else { throw LeadershipLost(name: token.name, holder: token.holder) }
    }

    /// Refuses to go on without the lead, and keeps it from changing hands until the transaction ends.
    package static func check(_ transaction: Transaction, _ token: FencingToken) throws {
        let rows = try transaction.query(
            """
            SELECT FROM charter.leader WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp() FOR UPDATE
            """, [.text(token.name), .integer(token.number)])
        guard rows.count == 1 else { throw LeadershipLost(name: token.name, holder: token.holder) }
    }

    /// Gives the lead up, so that the next one need not wait for its end.
    package static func release(_ transaction: Transaction, _ token: FencingToken) throws(DatabaseError) {
        try transaction.query(
            "UPDATE charter.leader SET expires_at = clock_timestamp() WHERE name = $1 AND token = $2",
            [.text(token.name), .integer(token.number)])
    }

    /// Ends the session that holds a lead past its time while the server waits for its process, longer than any statement may take.
    ///
    /// No timeout of PostgreSQL ends a session that is blocked in sending an answer or in a COPY, so a process that froze there
    /// would lead for ever.
    private static func endFrozen(_ transaction: Transaction, name: String) throws(DatabaseError) {
        try transaction.query(
            """
            SELECT pg_catalog.pg_terminate_backend(a.pid) FROM charter.leader l
            JOIN pg_catalog.pg_locks k ON k.locktype = 'transactionid' AND k.granted AND k.transactionid = l.xmax
            JOIN pg_catalog.pg_stat_activity a ON a.pid = k.pid AND a.usename = current_user
            WHERE l.name = $1 AND l.expires_at < clock_timestamp() AND a.state = 'active' AND a.wait_event_type = 'Client'
                AND a.query_start < clock_timestamp() - $2::bigint * interval '1 millisecond'
            """, [.text(name), milliseconds(frozenAfter)])
    }

    /// Above the bound of an apply's statements.
    private static let frozenAfter = Duration.seconds(125)

    /// So many of one's own leases, and at least so long, another's may have left.
    private static let leasesAheadMax = 10
    private static let aheadMin = Duration.seconds(120)

    static func milliseconds(_ duration: Duration) -> SQLValue {
        .integer(duration.wholeMilliseconds)
    }
}
