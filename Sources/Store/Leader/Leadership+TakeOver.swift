extension Leadership {
    /// Takes the lead from whoever has it, whose token stops counting at once: for a person who acts at this moment.
    ///
    /// Waits while the leader is within a transaction that checked its token, so nothing of it is lost.
    package static func takeOver(
        _ transaction: Transaction, name: String, holder: String, ttl: Duration
    ) throws(DatabaseError) -> FencingToken {
        let rows = try transaction.query(
            """
            INSERT INTO charter.leader AS l (name, holder, token, acquired_at, expires_at)
            VALUES ($1, $2, 1, clock_timestamp(), clock_timestamp() + $3::bigint * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = l.token + 1,
                acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
            RETURNING token
            """, [.text(name), .text(holder), milliseconds(ttl)])
        return FencingToken(name: name, holder: holder, number: try rows[0].integer(0))
    }
}
