package import Spec
package import Store

/// `charter events`: what was told, to whom, and what came of it.
package enum EventRequest {
    /// The newest first.
    package static func list(
        _ connection: Connection, type: String?, unit: String?, state: Delivery.State?, limit: Int
    ) throws -> EventList {
        try connection.transaction { transaction in
            EventList(
                records: try Outbox.list(transaction, type: type, unit: unit, state: state, limit: limit),
                recipients: try Outbox.recipients(transaction))
        }
    }

    /// By its number or its message's id.
    package static func show(_ connection: Connection, _ name: String) throws -> EventRecord {
        try connection.transaction { try find(name, $0) }
    }

    /// Sends it again to all that it was for, or to one of them, as the audit keeps. Answers to whom.
    package static func redeliver(
        _ connection: Connection, _ name: String, to recipient: String?, actor: String
    ) throws -> [String] {
        try connection.transaction { transaction in
            let record = try find(name, transaction)
            if let recipient, !record.deliveries.contains(where: { $0.recipient == recipient }) {
                let names = record.deliveries.map(\.recipient).joined(separator: ", ")
                throw EventProblem("event \(record.event.id) is not for \(recipient)" + (names.isEmpty ? "" : "; it is for \(names)"))
            }
            let names = try Outbox.redeliver(
                transaction, event: record.event.id, to: recipient, within: DeliverySchedule().within)
            guard !names.isEmpty else {
                throw EventProblem(
                    record.deliveries.isEmpty
                        ? "nobody was to be told of event \(record.event.id)"
                        : "a later status of that commit has taken the place of event \(record.event.id)")
            }
            let detail = JSONTree.object([
                ("event", .int(record.event.id)), ("type", .string(record.event.draft.type)),
                ("to", .array(names.map(JSONTree.string))),
            ])
            try Audit.append(
                transaction, .platform, actor: actor, action: "event.redelivered", subject: record.event.message,
                detail: detail.text)
            return names
        }
    }

    private static func find(_ name: String, _ transaction: Transaction) throws -> EventRecord {
        guard let record = try Outbox.one(transaction, named: name) else {
            throw EventProblem("there is no event \(name); charter events list shows those of the last 7 days")
        }
        return record
    }
}

/// Why an event cannot be shown or sent.
package struct EventProblem: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Some events, and everybody who is told of any.
package struct EventList: Sendable {
    package var records: [EventRecord]
    package var recipients: [OutboxRecipient]

    package var text: String {
        guard !records.isEmpty else { return (["No events."] + recipientLines).joined(separator: "\n") }
        return (records.map(\.line) + recipientLines).joined(separator: "\n")
    }

    private var recipientLines: [String] {
        let lines = recipients.compactMap(\.trouble)
        return lines.isEmpty ? [] : [""] + lines
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("events", .array(records.map { $0.json(isWhole: false) })),
            ("recipients", .array(recipients.map(\.json))),
        ])
    }
}

extension OutboxRecipient {
    /// One line on what is not as it should be; nil where all is well.
    var trouble: String? {
        var parts: [String] = []
        if let disabledAt { parts.append("disabled since \(disabledAt.iso8601): \(disabledReason?.printable ?? "")") }
        if waiting > 0 { parts.append("\(waiting) waiting" + (oldestWaiting.map { ", the oldest since \($0.iso8601)" } ?? "")) }
        if givenUp > 0 { parts.append("\(givenUp) given up in 7 days") }
        if dropped > 0 { parts.append("\(dropped) dropped, as \(Outbox.waitingMax) were waiting") }
        return parts.isEmpty ? nil : "\(name.printable): \(parts.joined(separator: "; "))"
    }

    var json: JSONTree {
        .object([
            ("name", .string(name)), ("waiting", .int(Int64(waiting))), ("given_up", .int(Int64(givenUp))),
            ("dropped", .int(dropped)), ("oldest_waiting", .optional(oldestWaiting?.iso8601)),
            ("disabled_at", .optional(disabledAt?.iso8601)), ("disabled_reason", .optional(disabledReason)),
        ])
    }
}

extension EventRecord {
    fileprivate var line: String {
        let counts = Delivery.State.allCases.compactMap { state -> String? in
            let count = deliveries.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.words)"
        }
        let told = !isRouted ? "not routed yet" : counts.isEmpty ? "told to nobody" : counts.joined(separator: ", ")
        let unit = event.draft.unit.isEmpty ? "-" : event.draft.unit
        return "\(event.id)  \(event.at.iso8601)  \(event.draft.type)  \(unit.printable)  \(told)"
    }

    /// Everything about one event.
    package var text: String {
        var lines = [
            "Event \(event.id)  \(event.draft.type)", "  message    \(event.message)", "  happened   \(event.at.iso8601)",
            "  unit       \(event.draft.unit.isEmpty ? "none" : event.draft.unit.printable)",
            "  data       \(event.draft.data)",
        ]
        if event.draft.platformData != "{}" { lines.append("  platform   \(event.draft.platformData)") }
        lines += EventSubjects(json: event.draft.subjects).members.map { "  \($0.0.padded(to: 10)) \($0.1.text)" }
        lines += deliveries.isEmpty ? [isRouted ? "Told to nobody." : "Not given to anybody yet."] : deliveries.flatMap(\.lines)
        return lines.joined(separator: "\n")
    }

    package func json(isWhole: Bool = true) -> JSONTree {
        var members: [(String, JSONTree)] = [
            ("id", .int(event.id)), ("message", .string(event.message)), ("type", .string(event.draft.type)),
            ("at", .string(event.at.iso8601)), ("unit", .string(event.draft.unit)), ("organization", .optional(event.draft.org)),
            ("routed", .bool(isRouted)), ("deliveries", .array(deliveries.map(\.json))),
        ]
        if isWhole {
            members = [("format", .int(1))] + members
                + [("data", .raw(event.draft.data)), ("platform_data", .raw(event.draft.platformData))]
                + EventSubjects(json: event.draft.subjects).members
        }
        return .object(members)
    }
}

extension Delivery.State {
    var words: String { self == .givenUp ? "given up" : rawValue }
}

extension Delivery {
    fileprivate var lines: [String] {
        let attempts = attempts == 1 ? "1 attempt" : "\(attempts) attempts"
        let next = state == .waiting ? ", the next \(nextAt.iso8601), until \(expiresAt.iso8601)" : ""
        var lines = ["To \(recipient.printable): \(state.words) after \(attempts)\(next)"]
        if let lastAt {
            let status = lastStatus.map { " HTTP \($0)" } ?? ""
            lines.append("  last       \(lastAt.iso8601)\(status)  \(lastAnswer?.printable ?? "")")
        }
        return lines
    }

    fileprivate var json: JSONTree {
        .object([
            ("id", .int(id)), ("to", .string(recipient)), ("state", .string(state.rawValue)), ("attempts", .int(Int64(attempts))),
            ("next_at", .optional(state == .waiting ? nextAt.iso8601 : nil)), ("expires_at", .string(expiresAt.iso8601)),
            ("last_at", .optional(lastAt?.iso8601)), ("last_status", lastStatus.map { .int(Int64($0)) } ?? .null),
            ("last_answer", .optional(lastAnswer)), ("settled_at", .optional(settledAt?.iso8601)),
        ])
    }
}
