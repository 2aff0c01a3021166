package import Spec

/// What is to be told of something that happens, before it has its number.
package struct EventDraft: Hashable, Sendable {
    /// As `Webhook.Event` names it, or a name of Charter's own that nobody subscribes to.
    package var type: String
    /// Empty where it is of no unit.
    package var unit: String
    /// The organization whose event it is; nil for the platform's.
    package var org: String?
    package var revision: Int64?
    /// A JSON object for everybody who is told.
    package var data: String
    /// A JSON object for the platform's own recipients alone.
    package var platformData: String
    /// JSON: what it is about, by organization, so that each is told of its own alone.
    package var subjects: String

    package init(
        type: String, unit: String = "", org: String? = nil, revision: Int64? = nil, data: String,
        platformData: String = "{}", subjects: String = "{}"
    ) {
        self.type = type
        self.unit = unit
        self.org = org
        self.revision = revision
        self.data = data
        self.platformData = platformData
        self.subjects = subjects
    }
}

/// What keeps an event from being told twice: of each topic and subject, an occurrence is told when it differs from the one
/// told last.
package struct EventOccurrence: Hashable, Sendable {
    package var topic: String
    package var subject: String
    package var value: String

    package init(topic: String, subject: String, value: String) {
        (self.topic, self.subject, self.value) = (topic, subject, value)
    }
}

/// Something that happened.
package struct OutboxEvent: Hashable, Sendable {
    package var id: Int64
    /// The `webhook-id`, the same however often it is sent.
    package var message: String
    package var at: Instant
    package var draft: EventDraft
}
