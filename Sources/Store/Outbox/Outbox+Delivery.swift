internal import Spec

extension Outbox {
    /// Takes the next delivery of up to `limit` recipients for `lease`, each of which nobody else serves meanwhile.
    ///
    /// It counts as an attempt from here on, so that one that kills its sender is not begun for ever.
    package static func claim(
        _ transaction: Transaction, lease: Duration, limit: Int
    ) throws(DatabaseError) -> [ClaimedDelivery] {
        try transaction.requireReadCommitted()
        let free = try transaction.query(
            """
            SELECT r.name FROM charter.recipient r
            WHERE \(isOver("r.claimed_until", ahead: "10 minutes")) AND \(isOver("r.rests_until", ahead: "2 days")) AND r.disabled_at IS NULL
                AND EXISTS (SELECT FROM charter.delivery d
                    WHERE d.recipient = r.name AND d.state = 'waiting' AND \(isOver("d.next_at", ahead: "8 days")))
            ORDER BY r.claimed_until NULLS FIRST, r.name LIMIT $1
            FOR UPDATE OF r SKIP LOCKED
            """, [.integer(Int64(limit))])
        guard !free.isEmpty else { return [] }
        var names: [String] = []
        for row in free { names.append(try row.text(0)) }
        // A statement of its own, which sees what the last holder of each recipient recorded.
        let rows = try transaction.query(
            """
            WITH chosen AS (
                SELECT DISTINCT ON (d.recipient) d.id, d.recipient FROM charter.delivery d
                WHERE d.recipient = ANY ($1::text[]) AND d.state = 'waiting' AND \(isOver("d.next_at", ahead: "8 days"))
                ORDER BY d.recipient, d.id),
            held AS (
                UPDATE charter.recipient r SET claim = r.claim + 1,
                    claimed_until = clock_timestamp() + $2::bigint * interval '1 millisecond'
                FROM chosen WHERE r.name = chosen.recipient RETURNING r.name, r.claim, r.failures),
            begun AS (
                UPDATE charter.delivery d SET attempts = d.attempts + 1, last_at = clock_timestamp()
                FROM chosen WHERE d.id = chosen.id RETURNING d.id, d.recipient, d.attempts, d.expires_at, d.event)
            SELECT b.id, b.recipient, h.claim, h.failures, b.attempts, \(SQLInstant.milliseconds("b.expires_at")),
                \(SQLInstant.milliseconds("clock_timestamp()")), \(eventColumns)
            FROM begun b JOIN held h ON h.name = b.recipient JOIN charter.event e ON e.id = b.event
            """, [.texts(names), .integer(lease.wholeMilliseconds)])
        var claimed: [ClaimedDelivery] = []
        for row in rows { claimed.append(try ClaimedDelivery(row)) }
        return claimed
    }

    /// Whether a moment is past. One further ahead than any is ever set is of a time that the clock was set back from.
    private static func isOver(_ moment: String, ahead most: String) -> String {
        "(coalesce(\(moment), '-infinity') <= clock_timestamp() OR \(moment) > clock_timestamp() + interval '\(most)')"
    }

    /// Records what came of an attempt and lets its recipient go. False when the claim was over and another sender has taken
    /// the recipient meanwhile; then only a success counts.
    @discardableResult
    package static func record(
        _ transaction: Transaction, _ outcome: DeliveryOutcome, of delivery: ClaimedDelivery
    ) throws(DatabaseError) -> Bool {
        let isOurs = try transaction.query(
            "SELECT FROM charter.recipient WHERE name = $1 AND claim = $2 FOR UPDATE",
            [.text(delivery.recipient), .integer(delivery.claim)]).count > 0
        guard isOurs || outcome.verdict == .delivered else { return false }
        switch outcome.verdict {
        case .delivered: try settle(transaction, delivery, .delivered, outcome)
        case .giveUp: try settle(transaction, delivery, .givenUp, outcome)
        case .retry(let pause): try retry(transaction, delivery, outcome, after: pause)
        case .postpone(let pause): try postpone(transaction, delivery, outcome, by: pause)
        case .disable(let reason):
            try settle(transaction, delivery, .givenUp, outcome)
            try disable(transaction, delivery.recipient, because: reason)
        }
        if isOurs { try release(transaction, delivery, outcome) }
        return isOurs
    }

    private static func settle(
        _ transaction: Transaction, _ delivery: ClaimedDelivery, _ state: Delivery.State, _ outcome: DeliveryOutcome
    ) throws(DatabaseError) {
        // What a later one of its lane has superseded while it was under way stays so, unless it arrived.
        try transaction.query(
            """
            UPDATE charter.delivery SET state = $2, settled_at = clock_timestamp(), last_status = $3, last_answer = $4
            WHERE id = $1 AND state IN ('waiting', 'superseded') AND (state = 'waiting' OR $2 = 'delivered')
            """,
            [
                .integer(delivery.id), .text(state.rawValue), .integer(outcome.status.map(Int64.init)), .text(outcome.answer),
            ])
    }

    private static func retry(
        _ transaction: Transaction, _ delivery: ClaimedDelivery, _ outcome: DeliveryOutcome, after pause: Duration
    ) throws(DatabaseError) {
        try transaction.query(
            """
            UPDATE charter.delivery SET next_at = clock_timestamp() + $2::bigint * interval '1 millisecond',
                last_status = $3, last_answer = $4
            WHERE id = $1 AND state = 'waiting'
            """,
            [
                .integer(delivery.id), .integer(pause.wholeMilliseconds), .integer(outcome.status.map(Int64.init)),
                .text(outcome.answer),
            ])
    }

    private static func postpone(
        _ transaction: Transaction, _ delivery: ClaimedDelivery, _ outcome: DeliveryOutcome, by pause: Duration
    ) throws(DatabaseError) {
        try transaction.query(
            """
            UPDATE charter.delivery SET next_at = clock_timestamp() + $2::bigint * interval '1 millisecond',
                attempts = greatest(attempts - 1, 0), last_answer = coalesce($3, last_answer)
            WHERE id = $1 AND state = 'waiting'
            """, [.integer(delivery.id), .integer(pause.wholeMilliseconds), .text(outcome.answer)])
    }

    private static func release(
        _ transaction: Transaction, _ delivery: ClaimedDelivery, _ outcome: DeliveryOutcome
    ) throws(DatabaseError) {
        if case .postpone = outcome.verdict {
            // Whether it is well was not seen.
            try transaction.query(
                """
                UPDATE charter.recipient SET claimed_until = clock_timestamp(),
                    rests_until = coalesce(clock_timestamp() + $2::bigint * interval '1 millisecond', rests_until)
                WHERE name = $1
                """, [.text(delivery.recipient), .integer(outcome.rest?.wholeMilliseconds)])
            return
        }
        try transaction.query(
            """
            UPDATE charter.recipient SET claimed_until = clock_timestamp(),
                failures = CASE WHEN $2::bigint IS NULL THEN 0 ELSE least(failures + 1, 1000) END,
                rests_until = clock_timestamp() + $2::bigint * interval '1 millisecond'
            WHERE name = $1
            """, [.text(delivery.recipient), .integer(outcome.rest?.wholeMilliseconds)])
    }

    /// Has nothing sent to a recipient until its declaration changes, or somebody asks for it.
    private static func disable(
        _ transaction: Transaction, _ name: String, because reason: String
    ) throws(DatabaseError) {
        try transaction.query(
            "UPDATE charter.recipient SET disabled_at = clock_timestamp(), disabled_reason = $2 WHERE name = $1",
            [.text(name), .text(reason)])
        try transaction.query(
            """
            UPDATE charter.delivery SET state = 'given_up', settled_at = clock_timestamp(), last_answer = $2
            WHERE recipient = $1 AND state = 'waiting'
            """, [.text(name), .text(reason)])
    }
}

extension ClaimedDelivery {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        id = try row.integer(0)
        recipient = try row.text(1)
        claim = try row.integer(2)
        failures = Int(try row.integer(3))
        attempts = Int(try row.integer(4))
        expiresAt = try row.instant(5)
        now = try row.instant(6)
        event = try OutboxEvent(row, from: 7)
    }
}
