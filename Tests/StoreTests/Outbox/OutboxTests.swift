import Spec
import Store
import TestKit
import Testing

@Suite struct OutboxTests {
    private static func draft(_ type: String = "revision.applied", unit: String = "main") -> EventDraft {
        EventDraft(type: type, unit: unit, org: "acme", revision: 7, data: #"{"a":"é\"\\"}"#, platformData: "{}", subjects: "{}")
    }

    private static func routed(_ transaction: Transaction, to names: [String], lane: String? = nil) throws -> [Int64] {
        let events = try Outbox.unrouted(transaction, limit: 100)
        try Outbox.declare(transaction, names.map { ($0, "1") })
        try Outbox.route(
            transaction, events,
            to: events.flatMap { event in
                names.map { RoutedEvent(event: event.id, recipient: $0, lane: lane, within: .seconds(3600)) }
            })
        return events.map(\.id)
    }

    private static func states(_ connection: Connection) throws -> [String] {
        try connection.transaction { transaction in
            try Outbox.list(transaction, limit: 100).reversed().flatMap { $0.deliveries.map(\.state.rawValue) }
        }
    }

    @Test func `keeps an event as it was written, with its transaction`() throws {
        let connection = try Fixtures.connection()
        struct Undone: Error {}
        #expect(throws: Undone.self) {
            try connection.transaction { transaction in
                try Outbox.append(transaction, Self.draft())
                throw Undone()
            }
        }
        let id = try connection.transaction { try Outbox.append($0, Self.draft()) }
        let records = try connection.transaction { try Outbox.list($0, limit: 10) }
        let record = try #require(records.first)
        #expect(records.count == 1)
        #expect(record.event.id == id)
        #expect(record.event.draft == Self.draft())
        #expect(record.event.message.hasPrefix("msg_") && record.event.message.utf8.count == 36)
        #expect(!record.isRouted && record.deliveries.isEmpty)
        #expect(try connection.transaction { try Outbox.one($0, named: record.event.message) } == record)
        #expect(try connection.transaction { try Outbox.list($0, type: "other", limit: 10) }.isEmpty)
        #expect(try connection.transaction { try Outbox.list($0, unit: "main", state: .waiting, limit: 10) }.isEmpty)
    }

    @Test func `tells an occurrence once until another is told`() throws {
        let connection = try Fixtures.connection()
        func tell(_ value: String, _ subject: String = "main") throws -> Bool {
            try connection.transaction { transaction in
                try Outbox.append(
                    transaction, Self.draft(), once: EventOccurrence(topic: "t", subject: subject, value: value)) != nil
            }
        }
        #expect(try ["a", "a", "b", "b", "a"].map { try tell($0) } == [true, false, true, false, true])
        #expect(try tell("a", "other"))
        try connection.transaction { try Outbox.note($0, EventOccurrence(topic: "t", subject: "main", value: "quiet")) }
        #expect(try tell("a"))
        #expect(try connection.transaction { try Outbox.last($0, topic: "t", subject: "main")?.occurrence } == "a")
    }

    @Test func `of two who tell the same at once one does`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let told = try inParallel(8) { _ in
            try Connection(url).transaction { transaction in
                try Outbox.append(transaction, Self.draft(), once: EventOccurrence(topic: "t", subject: "", value: "1")) != nil
            }
        }
        #expect(told.count { $0 } == 1)
    }

    @Test func `gives a recipient to one sender at a time, with its oldest delivery`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let connection = try Connection(url)
        let ids = try connection.transaction { transaction in
            for _ in 1...3 { try Outbox.append(transaction, Self.draft()) }
            return try Self.routed(transaction, to: ["a", "b", "c"])
        }
        let claimed = try inParallel(6) { _ in
            try Connection(url).transaction { try Outbox.claim($0, lease: .seconds(60), limit: 2) }
        }.flatMap { $0 }
        #expect(claimed.map(\.recipient).sorted() == ["a", "b", "c"])
        #expect(Set(claimed.map(\.event.id)) == [ids[0]])
        #expect(claimed.allSatisfy { $0.attempts == 1 && $0.claim == 1 })
        #expect(try connection.transaction { try Outbox.claim($0, lease: .seconds(60), limit: 9) }.isEmpty)
        let first = try #require(claimed.first)
        #expect(try connection.transaction { try Outbox.record($0, DeliveryOutcome(.delivered, status: 200), of: first) })
        let next = try connection.transaction { try Outbox.claim($0, lease: .zero, limit: 9) }
        #expect(next.map(\.recipient) == [first.recipient])
        #expect(next.map(\.event.id) == [ids[1]])

        // That claim is over at once, and another one takes the place.
        let later = try #require(try connection.transaction { try Outbox.claim($0, lease: .seconds(60), limit: 9) }.first)
        #expect((later.claim, later.attempts) == (3, 2))
        let late = try connection.transaction {
            try Outbox.record($0, DeliveryOutcome(.retry(after: .seconds(60)), status: 500, rest: .seconds(60)), of: next[0])
        }
        #expect(!late)
        #expect(try connection.transaction { try Outbox.record($0, DeliveryOutcome(.delivered, status: 200), of: later) })
    }

    @Test func `leaves a recipient alone that rests, and disables one for good`() throws {
        let connection = try Fixtures.connection()
        try connection.transaction { transaction in
            for _ in 1...2 { try Outbox.append(transaction, Self.draft()) }
            _ = try Self.routed(transaction, to: ["a"])
        }
        func claim() throws -> ClaimedDelivery? { try connection.transaction { try Outbox.claim($0, lease: .seconds(60), limit: 9) }.first }
        let first = try #require(try claim())
        try connection.transaction {
            try Outbox.record($0, DeliveryOutcome(.retry(after: .zero), status: 503, answer: "busy", rest: .seconds(60)), of: first)
        }
        #expect(try claim() == nil)
        try connection.transaction { try $0.query("UPDATE charter.recipient SET rests_until = now()") }
        let second = try #require(try claim())
        #expect((second.id, second.attempts, second.failures) == (first.id, 2, 1))
        try connection.transaction { try Outbox.record($0, DeliveryOutcome(.postpone(.seconds(60))), of: second) }
        let third = try #require(try claim())
        #expect(third.id != first.id)
        try connection.transaction { try Outbox.record($0, DeliveryOutcome(.disable("gone"), status: 410), of: third) }
        #expect(try Self.states(connection) == ["given_up", "given_up"])
        try connection.transaction { transaction in
            try Outbox.append(transaction, Self.draft())
            _ = try Self.routed(transaction, to: ["a"])
        }
        #expect(try Self.states(connection).count == 2)
        let recipient = try #require(try connection.transaction { try Outbox.recipients($0) }.first)
        #expect((recipient.givenUp, recipient.waiting, recipient.dropped, recipient.disabledReason) == (2, 0, 0, "gone"))
        // Another declaration is another address.
        try connection.transaction { try Outbox.declare($0, [("a", "2")]) }
        #expect(try connection.transaction { try Outbox.recipients($0) }.first?.disabledAt == nil)
    }

    @Test func `of one lane only the newest still matters`() throws {
        let connection = try Fixtures.connection()
        for _ in 1...3 {
            try connection.transaction { transaction in
                try Outbox.append(transaction, Self.draft())
                _ = try Self.routed(transaction, to: ["a"], lane: "c1")
            }
        }
        #expect(try Self.states(connection) == ["superseded", "superseded", "waiting"])
        let claimed = try #require(try connection.transaction { try Outbox.claim($0, lease: .seconds(60), limit: 9) }.first)
        // Under way while a newer one comes, which waits for its end.
        try connection.transaction { transaction in
            try Outbox.append(transaction, Self.draft())
            _ = try Self.routed(transaction, to: ["a"], lane: "c1")
        }
        #expect(try connection.transaction { try Outbox.claim($0, lease: .seconds(60), limit: 9) }.isEmpty)
        try connection.transaction {
            try Outbox.record($0, DeliveryOutcome(.retry(after: .zero), status: 500, rest: .zero), of: claimed)
        }
        let last = try #require(try connection.transaction { try Outbox.claim($0, lease: .seconds(60), limit: 9) }.first)
        #expect(last.event.id > claimed.event.id)
        try connection.transaction { try Outbox.record($0, DeliveryOutcome(.delivered, status: 200), of: last) }
        #expect(try Self.states(connection) == ["superseded", "superseded", "superseded", "delivered"])
        #expect(try connection.transaction { try Outbox.redeliver($0, event: claimed.event.id, to: nil, within: .seconds(9)) } == [])
        #expect(try connection.transaction { try Outbox.redeliver($0, event: last.event.id, to: nil, within: .seconds(9)) } == ["a"])
    }

    @Test func `gives up what is late or for nobody, and forgets what is old`() throws {
        let connection = try Fixtures.connection()
        try connection.transaction { transaction in
            for _ in 1...2 { try Outbox.append(transaction, Self.draft()) }
            _ = try Self.routed(transaction, to: ["a", "b"])
        }
        #expect(try connection.transaction { try Outbox.prune($0) } == 0)
        #expect(try connection.transaction { try Outbox.giveUp($0, allBut: ["a"]) } == 2)
        try connection.transaction { try $0.query("UPDATE charter.delivery SET expires_at = now() WHERE recipient = 'a'") }
        #expect(try connection.transaction { try Outbox.prune($0) } == 2)
        #expect(try Set(Self.states(connection)) == ["given_up"])
        try connection.transaction { transaction in
            try transaction.query("UPDATE charter.delivery SET settled_at = now() - interval '8 days'")
            try transaction.query("UPDATE charter.event SET at = now() - interval '8 days'")
            try Outbox.append(transaction, Self.draft())
        }
        #expect(try connection.transaction { try Outbox.prune($0) } == 0)
        #expect(try connection.transaction { try Outbox.list($0, limit: 10) }.count == 1)
        #expect(try connection.transaction { try Outbox.giveUp($0, allBut: []) } == 0)
        #expect(try connection.transaction { try Outbox.recipients($0) }.isEmpty)
    }
}
