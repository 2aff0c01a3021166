internal import Spec
internal import Store

/// Gives events to those who are told of them, as they are declared now.
enum EventRouting {
    /// Answers how many events were given.
    static func route(_ transaction: Transaction, limit: Int) throws -> Int {
        let events = try Outbox.unrouted(transaction, limit: limit)
        guard !events.isEmpty else { return 0 }
        let now = Instant.now
        let recipients = try EventRecipient.list(transaction)
        try Outbox.declare(transaction, recipients.map { ($0.name, $0.digest) })
        let deliveries = events.flatMap { event in
            let subjects = EventSubjects(json: event.draft.subjects)
            return recipients.filter { !$0.isSuspended(at: now) && $0.isTold(event.draft, about: subjects) }.map { recipient in
                RoutedEvent(
                    event: event.id, recipient: recipient.name, lane: recipient.lane(of: event.draft),
                    within: recipient.schedule.within)
            }
        }
        try Outbox.route(transaction, events, to: deliveries)
        return events.count
    }
}

extension EventRecipient {
    /// Of the statuses of a commit only the newest matters.
    fileprivate func lane(of event: EventDraft) -> String? {
        if case .statuses = target { EventData(event.data)["commit"] } else { nil }
    }
}
