internal import Spec

/// Statements on what happened and who is told of it. Times are the database's.
///
/// An event is written in the transaction that makes it happen, so it is told if and only if that is committed. Senders give
/// it to its recipients later.
package enum Outbox {
    /// How long what is settled can be looked at, and the longest that anything is still sent.
    package static let retention = Duration.seconds(7 * 86_400)

    /// Adds an event; answers its number, or nil where this occurrence was told already.
    @discardableResult
    package static func append(
        _ transaction: Transaction, _ draft: EventDraft, once occurrence: EventOccurrence? = nil
    ) throws(DatabaseError) -> Int64? {
        if let occurrence, try !isNews(transaction, occurrence) { return nil }
        let id = try transaction.query(
            """
            INSERT INTO charter.event (type, unit, org, revision, data, platform_data, subjects)
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
            """,
            [
                .text(draft.type), .text(draft.unit), .text(draft.org ?? ""), .integer(draft.revision), .text(draft.data),
                .text(draft.platformData), .text(draft.subjects),
            ])[0].integer(0)
        if let occurrence {
            try transaction.query(
                "UPDATE charter.event_topic SET event = $3 WHERE topic = $1 AND subject = $2",
                [.text(occurrence.topic), .text(occurrence.subject), .integer(id)])
        }
        return id
    }

    /// Notes an occurrence that nobody is told of, so that a later one is told again; writes nothing when it is the same.
    package static func note(_ transaction: Transaction, _ occurrence: EventOccurrence) throws(DatabaseError) {
        _ = try isNews(transaction, occurrence)
    }

    /// What was told last of a topic, and as which event; nil before the first.
    package static func last(
        _ transaction: Transaction, topic: String, subject: String
    ) throws(DatabaseError) -> (occurrence: String, event: Int64)? {
        let rows = try transaction.query(
            "SELECT occurrence, event FROM charter.event_topic WHERE topic = $1 AND subject = $2",
            [.text(topic), .text(subject)])
        guard let row = rows.first else { return nil }
        return (try row.text(0), try row.integer(1))
    }

    private static func isNews(_ transaction: Transaction, _ occurrence: EventOccurrence) throws(DatabaseError) -> Bool {
        try transaction.query(
            """
            INSERT INTO charter.event_topic AS t (topic, subject, occurrence, event) VALUES ($1, $2, $3, 0)
            ON CONFLICT (topic, subject) DO UPDATE SET occurrence = excluded.occurrence, event = 0
                WHERE t.occurrence <> excluded.occurrence
            """, [.text(occurrence.topic), .text(occurrence.subject), .text(occurrence.value)]
        ).affected > 0
    }

    static let eventColumns = """
        e.id, e.message, \(SQLInstant.milliseconds("e.at")), e.type, e.unit, e.org, e.revision, e.data, e.platform_data, e.subjects
        """
}

extension OutboxEvent {
    /// From `Outbox.eventColumns`, which begin at `column`.
    init(_ row: Row, from column: Int = 0) throws(DatabaseError) {
        id = try row.integer(column)
        message = try row.text(column + 1)
        at = try row.instant(column + 2)
        let org = try row.text(column + 5)
        draft = EventDraft(
            type: try row.text(column + 3), unit: try row.text(column + 4), org: org.isEmpty ? nil : org,
            revision: row.integerOrNil(column + 6), data: try row.text(column + 7), platformData: try row.text(column + 8),
            subjects: try row.text(column + 9))
    }
}
