internal import Spec

/// An event and who is told of it.
package struct EventRecord: Hashable, Sendable {
    package var event: OutboxEvent
    /// False until it was given to its recipients.
    package var isRouted: Bool
    /// In the order of the recipients' names.
    package var deliveries: [Delivery]
}

extension Outbox {
    /// The newest first; of a type, a unit, and with a delivery of a state, where these are given.
    package static func list(
        _ transaction: Transaction, type: String? = nil, unit: String? = nil, state: Delivery.State? = nil, limit: Int
    ) throws(DatabaseError) -> [EventRecord] {
        try records(
            transaction,
            """
            WHERE ($1::text IS NULL OR e.type = $1) AND ($2::text IS NULL OR e.unit = $2) AND ($3::text IS NULL
                OR EXISTS (SELECT FROM charter.delivery d WHERE d.event = e.id AND d.state = $3))
            ORDER BY e.id DESC LIMIT $4
            """, [.text(type), .text(unit), .text(state?.rawValue), .integer(Int64(limit))])
    }

    /// By its number or its message's id.
    package static func one(_ transaction: Transaction, named name: String) throws(DatabaseError) -> EventRecord? {
        try records(transaction, "WHERE e.message = $1 OR e.id::text = $1", [.text(name)]).first
    }

    /// Sends deliveries of an event again, from the first attempt on, also to a recipient that was disabled; answers to whom.
    ///
    /// Not what a later one of its lane has taken the place of, which would say what holds no more.
    package static func redeliver(
        _ transaction: Transaction, event: Int64, to recipient: String?, within: Duration
    ) throws(DatabaseError) -> [String] {
        let rows = try transaction.query(
            """
            UPDATE charter.delivery d SET state = 'waiting', settled_at = NULL, attempts = 0, next_at = clock_timestamp(),
                expires_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
            WHERE event = $1 AND ($2::text IS NULL OR recipient = $2)
                AND NOT EXISTS (SELECT FROM charter.delivery l
                    WHERE l.recipient = d.recipient AND l.lane = d.lane AND l.id > d.id)
            RETURNING recipient
            """, [.integer(event), .text(recipient), .integer(within.wholeMilliseconds)])
        var names: [String] = []
        for row in rows { names.append(try row.text(0)) }
        try transaction.query(
            """
            UPDATE charter.recipient SET disabled_at = NULL, disabled_reason = NULL, failures = 0, rests_until = NULL
            WHERE name = ANY ($1::text[])
            """, [.texts(names)])
        return names.sorted()
    }

    private static func records(
        _ transaction: Transaction, _ clause: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [EventRecord] {
        var found: [EventRecord] = []
        for row in try transaction.query("SELECT \(eventColumns), e.routed_at IS NOT NULL FROM charter.event e \(clause)", values) {
            found.append(EventRecord(event: try OutboxEvent(row), isRouted: try row.boolean(10), deliveries: []))
        }
        let deliveries = try self.deliveries(transaction, of: found.map(\.event.id))
        for index in found.indices { found[index].deliveries = deliveries[found[index].event.id] ?? [] }
        return found
    }

    private static func deliveries(
        _ transaction: Transaction, of events: [Int64]
    ) throws(DatabaseError) -> [Int64: [Delivery]] {
        let rows = try transaction.query(
            """
            SELECT id, recipient, state, attempts, \(SQLInstant.milliseconds("next_at")), \(SQLInstant.milliseconds("expires_at")),
                \(SQLInstant.milliseconds("last_at")), last_status, last_answer, \(SQLInstant.milliseconds("settled_at")), event
            FROM charter.delivery WHERE event = ANY ($1::bigint[]) ORDER BY event, recipient
            """, [.integers(events)])
        var found: [Int64: [Delivery]] = [:]
        for row in rows { found[try row.integer(10), default: []].append(try Delivery(row)) }
        return found
    }
}

extension Delivery {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        guard let state = State(rawValue: try row.text(2)) else {
            throw DatabaseError(.unexpectedAnswer, "the database holds a delivery in a state that this program does not know")
        }
        self.init(
            id: try row.integer(0), recipient: try row.text(1), state: state, attempts: Int(try row.integer(3)),
            nextAt: try row.instant(4), expiresAt: try row.instant(5), lastAt: row.instantOrNil(6),
            lastStatus: row.integerOrNil(7).map { Int($0) }, lastAnswer: row.textOrNil(8), settledAt: row.instantOrNil(9))
    }
}

extension Outbox {
    /// What a unit's newest events of a type were about whose revisions lie behind `first`, up to and with `last`.
    package static func subjects(
        _ transaction: Transaction, type: String, unit: String, after first: Int64, through last: Int64
    ) throws(DatabaseError) -> [String] {
        let rows = try transaction.query(
            """
            SELECT subjects FROM charter.event WHERE type = $1 AND revision > $2 AND revision <= $3 AND unit = $4
            ORDER BY id DESC LIMIT 100
            """, [.text(type), .integer(first), .integer(last), .text(unit)])
        var found: [String] = []
        for row in rows { found.append(try row.text(0)) }
        return found
    }
}
