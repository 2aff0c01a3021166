internal import HTTP
internal import Spec
internal import Store

/// One event as it is sent to a Webhook, by Standard Webhooks 1.0. A value.
struct WebhookRequest: Sendable {
    var request: OutboundRequest

    /// `now` is the moment of the attempt.
    init(
        _ webhook: Webhook, _ event: OutboxEvent, data: JSONTree, secrets: [WebhookSecret], authorization: String?, now: Instant,
        timeout: Duration
    ) throws(SecretProblem) {
        guard let (origin, target) = Address.split(webhook.url) else { throw SecretProblem("\(webhook.url) is no address") }
        let body: String
        var headers = Headers()
        switch webhook.format {
        case .standardWebhooks:
            body = Self.standardBody(event, data)
            headers.add("content-type", "application/json")
        case .cloudevents:
            body = Self.cloudEvent(event, data)
            headers.add("content-type", "application/cloudevents+json; charset=utf-8")
        }
        let seconds = now.milliseconds / 1000
        headers.add("user-agent", "charter/\(CharterVersion.current)")
        headers.add("webhook-id", event.message)
        headers.add("webhook-timestamp", "\(seconds)")
        if !secrets.isEmpty {
            headers.add(
                "webhook-signature",
                WebhookSignature(secrets: secrets, message: event.message, seconds: seconds, body: body).text)
        }
        if let authorization { headers.add("authorization", authorization) }
        for (name, value) in webhook.headers.sorted(by: { $0.key < $1.key }) { headers.add(named: name, value) }
        request = OutboundRequest(
            method: .post, origin: origin, target: target, headers: headers, body: Array(body.utf8),
            timeouts: CallTimeouts(connect: timeout, firstByte: timeout, idle: timeout))
    }

    static func standardBody(_ event: OutboxEvent, _ data: JSONTree) -> String {
        JSONTree.object([
            ("type", .string(event.draft.type)), ("timestamp", .string(event.at.iso8601)), ("data", data),
        ]).text
    }

    /// CloudEvents 1.0, JSON Event Format 1.0.
    static func cloudEvent(_ event: OutboxEvent, _ data: JSONTree) -> String {
        JSONTree.object([
            ("specversion", .string("1.0")), ("id", .string(event.message)), ("type", .string(event.draft.type)),
            ("source", .string("/charter/units/\(event.draft.unit)")), ("time", .string(event.at.iso8601)),
            ("datacontenttype", .string("application/json")), ("data", data),
        ]).text
    }

    /// What a recipient may know of an event.
    static func data(_ event: OutboxEvent, for recipient: EventRecipient) -> JSONTree {
        let subjects = recipient.visible(event.draft, EventSubjects(json: event.draft.subjects)) ?? EventSubjects()
        var text = JSONText(.printable)
        text.object { text in
            text.splice(Self.members(of: event.draft.data))
            if recipient.org == nil { text.splice(Self.members(of: event.draft.platformData)) }
            for (name, value) in subjects.members {
                text.name(name)
                text.raw(value.text)
            }
        }
        return .raw(text.json)
    }

    /// Of an object without its braces.
    private static func members(of object: String) -> [UInt8] { Array(object.utf8.dropFirst().dropLast()) }
}

/// An address split into whom it leads to and what is asked there.
enum Address {
    /// Nil for what is no http or https URL.
    static func split(_ url: String) -> (origin: Origin, target: String)? {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let (origin, _) = Origin.parse(String(parts[0])) else { return nil }
        let afterScheme = parts[0].drop { $0 != ":" }.dropFirst(3)
        let path = afterScheme.drop { $0 != "/" }
        return (origin, (path.isEmpty ? "/" : String(path)) + (parts.count > 1 ? "?\(parts[1])" : ""))
    }
}
