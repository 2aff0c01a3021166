internal import Spec

/// Statements on what gateways hold of budgets. Rows count until their gateway would be silent, `Replicas.silenceMax` after they were written.
package enum ReservedAmounts {
    /// Puts these in place of all that a process, known by its epoch, said before, and removes what others left long ago.
    package static func replace(
        _ transaction: Transaction, gateway: String, epoch: Int64, with amounts: [ReservedAmount]
    ) throws(DatabaseError) {
        try transaction.query(
            """
            WITH told AS (
                SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::bigint[])
                    AS n (uid, counter, subject, part_start, amount)
            ), gone AS (
                DELETE FROM charter.reserved r
                WHERE r.epoch = $2 AND NOT EXISTS (
                    SELECT FROM told n WHERE (n.uid, n.counter, n.subject, n.part_start) = (r.uid, r.counter, r.subject, r.part_start))
            ), left_behind AS (
                DELETE FROM charter.reserved r
                WHERE r.epoch <> $2 AND r.at < clock_timestamp() - $8::bigint * interval '1 millisecond'
            )
            INSERT INTO charter.reserved AS r (epoch, gateway, uid, counter, subject, part_start, amount, at)
            SELECT $2, $1, n.uid, n.counter, n.subject, n.part_start, n.amount, clock_timestamp() FROM told n
            ON CONFLICT (epoch, uid, counter, subject, part_start) DO UPDATE SET amount = excluded.amount, at = excluded.at
            """,
            [
                .text(gateway), .integer(epoch), .texts(amounts.map(\.counter.uid)), .texts(amounts.map(\.counter.name)),
                .texts(amounts.map(\.counter.subject)), .instants(amounts.map(\.start)), .integers(amounts.map(\.amount)),
                .integer(Self.keptFor.wholeMilliseconds),
            ])
    }

    /// Forgets what a process held that ends in order.
    package static func remove(_ transaction: Transaction, epoch: Int64) throws(DatabaseError) {
        try transaction.query("DELETE FROM charter.reserved WHERE epoch = $1", [.integer(epoch)])
    }

    /// What all gateways hold of budgets by these lineages, each window and part once.
    package static func list(_ transaction: Transaction, uids: [String]) throws(DatabaseError) -> [ReservedAmount] {
        let rows = try transaction.query(
            """
            SELECT uid, counter, subject, \(SQLInstant.milliseconds("part_start")), \(ClampedSum.clamped("sum(amount)"))
            FROM charter.reserved
            WHERE uid = ANY ($1::uuid[]) AND at > clock_timestamp() - $2::bigint * interval '1 millisecond'
            GROUP BY uid, counter, subject, part_start
            """, [.texts(uids), .integer(Replicas.silenceMax.wholeMilliseconds)])
        var amounts: [ReservedAmount] = []
        for row in rows {
            amounts.append(
                ReservedAmount(
                    counter: CounterID(uid: try row.text(0), name: try row.text(1), subject: try row.text(2)),
                    start: try row.instant(3), amount: try row.integer(4)))
        }
        return amounts
    }

    /// Long after nobody counts it any more.
    private static let keptFor = Duration.seconds(600)
}
