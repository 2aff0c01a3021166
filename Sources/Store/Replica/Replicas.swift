internal import Crypto
internal import Spec

/// Statements on what gateways enforce.
package enum Replicas {
    /// A gateway that has not reported for longer is not counted on. Of several reports, so that one that is late is not missed.
    package static let silenceMax = Duration.seconds(30)

    package static func report(_ transaction: Transaction, _ replica: Replica) throws(DatabaseError) {
        guard let digest = SHA256Digest(hex: replica.stateDigest) else {
            throw DatabaseError(.unexpectedAnswer, "the replica's state digest is not a SHA-256")
        }
        try transaction.query(
            """
            INSERT INTO charter.gateway AS g (id, epoch, revision, state_digest, version, started_at, override_sequence, reported_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
            ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, revision = excluded.revision,
                state_digest = excluded.state_digest, version = excluded.version, started_at = excluded.started_at,
                reported_at = excluded.reported_at, override_sequence = excluded.override_sequence,
                since = CASE WHEN (g.revision, g.state_digest) = (excluded.revision, excluded.state_digest)
                    THEN g.since ELSE excluded.reported_at END
            """,
            [
                .text(replica.id), .integer(replica.epoch), .integer(replica.revision), .digest(digest),
                .text(replica.version), .instant(replica.startedAt), .integer(replica.overrideSequence),
            ])
    }

    /// The gateways that reported within `age`, or all.
    package static func list(_ transaction: Transaction, within age: Duration? = nil) throws(DatabaseError) -> [Replica] {
        let milliseconds = age.map { $0.wholeMilliseconds }
        let rows = try transaction.query(
            """
            SELECT id, epoch, revision, encode(state_digest, 'hex'), version, \(SQLInstant.milliseconds("started_at")),
                \(SQLInstant.milliseconds("reported_at")), \(SQLInstant.milliseconds("since")), override_sequence
            FROM charter.gateway
            WHERE $1::bigint IS NULL OR reported_at > clock_timestamp() - $1::bigint * interval '1 millisecond'
            ORDER BY id
            """, [.integer(milliseconds)])
        var replicas: [Replica] = []
        for row in rows {
            replicas.append(
                Replica(
                    id: try row.text(0), epoch: try row.integer(1), revision: try row.integer(2),
                    stateDigest: try row.text(3), version: try row.text(4), startedAt: try row.instant(5), overrideSequence: try row.integer(8),
                    reportedAt: try row.instant(6), since: try row.instant(7)))
        }
        return replicas
    }

    /// Forgets a gateway that stopped in order.
    package static func remove(_ transaction: Transaction, id: String) throws(DatabaseError) {
        try transaction.query("DELETE FROM charter.gateway WHERE id = $1", [.text(id)])
    }
}
