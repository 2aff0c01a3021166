internal import Spec

/// An event for one recipient.
package struct RoutedEvent: Hashable, Sendable {
    package var event: Int64
    package var recipient: String
    /// Of several in one lane, only the newest still matters.
    package var lane: String?
    /// How long after it happened it is still sent.
    package var within: Duration

    package init(event: Int64, recipient: String, lane: String? = nil, within: Duration) {
        (self.event, self.recipient, self.lane, self.within) = (event, recipient, lane, within)
    }
}

extension Outbox {
    /// How many may wait for one recipient; of a receiver that is away for weeks, what is beyond is counted and not kept.
    package static let waitingMax = 10_000

    /// The oldest events that nobody has given to their recipients, held until the transaction ends.
    ///
    /// Whoever else asks waits that long, so that events are given to a recipient in the order in which they happened.
    package static func unrouted(_ transaction: Transaction, limit: Int) throws(DatabaseError) -> [OutboxEvent] {
        let rows = try transaction.query(
            """
            SELECT \(eventColumns) FROM charter.event e WHERE e.routed_at IS NULL ORDER BY e.id LIMIT $1
            FOR UPDATE
            """, [.integer(Int64(limit))])
        var events: [OutboxEvent] = []
        for row in rows { events.append(try OutboxEvent(row)) }
        return events
    }

    /// Makes recipients known; one whose declaration changed is enabled again.
    package static func declare(
        _ transaction: Transaction, _ recipients: [(name: String, digest: String)]
    ) throws(DatabaseError) {
        guard !recipients.isEmpty else { return }
        try transaction.query(
            """
            INSERT INTO charter.recipient AS r (name, digest)
            SELECT n, d FROM unnest($1::text[], $2::text[]) AS t (n, d) ORDER BY n
            ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, disabled_at = NULL, disabled_reason = NULL,
                failures = 0, rests_until = NULL
                WHERE r.digest <> excluded.digest
            """, [.texts(recipients.map(\.name)), .texts(recipients.map(\.digest))])
    }

    /// Gives events, held by `unrouted`, to their recipients, in the order given. Those that want nothing more are passed over.
    package static func route(
        _ transaction: Transaction, _ events: [OutboxEvent], to deliveries: [RoutedEvent]
    ) throws(DatabaseError) {
        for delivery in deliveries { try route(transaction, delivery) }
        try transaction.query(
            "UPDATE charter.event SET routed_at = clock_timestamp() WHERE id = ANY ($1::bigint[])",
            [.integers(events.map(\.id))])
    }

    private static func route(_ transaction: Transaction, _ delivery: RoutedEvent) throws(DatabaseError) {
        let added = try transaction.query(
            """
            INSERT INTO charter.delivery (event, recipient, lane, expires_at)
            SELECT e.id, r.name, $3, e.at + least($4::bigint, $5::bigint) * interval '1 millisecond'
            FROM charter.event e, charter.recipient r
            WHERE e.id = $1 AND r.name = $2 AND r.disabled_at IS NULL
                AND (SELECT count(*) FROM charter.delivery w WHERE w.recipient = r.name AND w.state = 'waiting') < $6
            ON CONFLICT (event, recipient) DO NOTHING RETURNING id
            """,
            [
                .integer(delivery.event), .text(delivery.recipient), .text(delivery.lane),
                .integer(delivery.within.wholeMilliseconds), .integer(retention.wholeMilliseconds), .integer(Int64(waitingMax)),
            ])
        guard let id = try added.first?.integer(0) else {
            try transaction.query(
                "UPDATE charter.recipient SET dropped = dropped + 1 WHERE name = $1 AND disabled_at IS NULL",
                [.text(delivery.recipient)])
            return
        }
        guard let lane = delivery.lane else { return }
        try supersede(transaction, before: id, recipient: delivery.recipient, lane: lane)
    }

    /// Whoever is sending an earlier one meanwhile keeps its recipient until that is answered; it is passed over then.
    private static func supersede(
        _ transaction: Transaction, before id: Int64, recipient: String, lane: String
    ) throws(DatabaseError) {
        try transaction.query(
            """
            UPDATE charter.delivery SET state = 'superseded', settled_at = clock_timestamp()
            WHERE recipient = $1 AND lane = $2 AND id < $3 AND state = 'waiting'
            """, [.text(recipient), .text(lane), .integer(id)])
    }

    /// Gives up what waits for recipients that are declared no more, and forgets them once nothing speaks of them.
    package static func giveUp(_ transaction: Transaction, allBut names: [String]) throws(DatabaseError) -> Int {
        try transaction.query(
            """
            DELETE FROM charter.recipient r WHERE r.name <> ALL ($1::text[])
                AND NOT EXISTS (SELECT FROM charter.delivery d WHERE d.recipient = r.name)
            """, [.texts(names)])
        return try transaction.query(
            """
            UPDATE charter.delivery SET state = 'given_up', settled_at = clock_timestamp(),
                last_answer = 'the recipient is declared no more'
            WHERE state = 'waiting' AND recipient <> ALL ($1::text[])
            """, [.texts(names)]
        ).affected
    }
}
