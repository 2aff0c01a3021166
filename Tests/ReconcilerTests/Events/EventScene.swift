import Foundation
import HTTP
import Spec
import Store
import Synchronization
import TestKit

@testable import Reconciler

/// A platform with a Webhook, a database, and senders of their own.
final class EventScene: Sendable {
    let scene: Scene
    private let lines = Mutex<[String]>([])

    init(_ files: [String: String] = [:]) throws {
        scene = try Scene(Declared.platform.merging(files) { $1 })
    }

    /// A Webhook of the platform at a receiver.
    static func hook(
        _ name: String, at receiver: EventReceiver, events: String = "[revision.applied]", more: String = ""
    ) -> String {
        """
        apiVersion: charter/v1
        kind: Webhook
        metadata: { name: \(name) }
        spec:
          url: "http://127.0.0.1:\(receiver.port)/hook?of=\(name)"
          privateNetwork: true
          events: \(events)
        \(more)

        """
    }

    /// One of an organization, at an address at which nothing answers.
    static func organizationHook(_ name: String, more: String = "") -> String {
        """
        apiVersion: charter/v1
        kind: Webhook
        metadata: { name: \(name) }
        spec:
          url: "https://127.0.0.1:9/hook"
          events: [revision.applied]
        \(more)

        """
    }

    var log: [String] { lines.withLock { $0 } }

    /// A sender that ends with the returned value.
    func sender(secrets: String? = nil, _ body: () throws -> Void) throws {
        let sender = try EventSender.start(database: scene.database, secretsFolder: secrets) { [self] line in lines.withLock { $0.append(line) } }
        defer { sender.stop() }
        try body()
    }

    func session() throws -> Connection { try Connection(scene.database) }

    /// Lets the time pass for which deliveries and recipients would be left alone.
    func letTimePass() throws {
        try scene.sql("UPDATE charter.delivery SET next_at = now() WHERE state = 'waiting'")
        try scene.sql("UPDATE charter.recipient SET rests_until = NULL, claimed_until = NULL")
    }

    /// `state attempts status` of each delivery, in their order.
    func deliveries() throws -> [String] {
        try scene.sql("SELECT state || ' ' || attempts || ' ' || coalesce(last_status::text, '-') FROM charter.delivery ORDER BY id")
    }

    /// What came of each delivery to a recipient.
    func answers(of recipient: String) throws -> [String] {
        try scene.sql("SELECT coalesce(last_answer, 'NULL') FROM charter.delivery WHERE recipient = '\(recipient)' ORDER BY id")
    }

    /// What the next delivery to a recipient would be sent.
    func body(for name: String) throws -> String {
        try session().transaction { transaction in
            let claimed = try Outbox.claim(transaction, lease: .seconds(60), limit: 100).first { $0.recipient == name }
            let recipient = try EventRecipient.list(transaction).first { $0.name == name }
            guard let claimed, let recipient else { return "" }
            return String(decoding: try recipient.request(for: claimed, secretsFolder: "/nowhere").body, as: UTF8.self)
        }
    }

    func lastAnswer() throws -> String {
        try scene.sql("SELECT last_answer FROM charter.delivery ORDER BY id DESC LIMIT 1").first ?? "NULL"
    }

    /// What a sender's first attempt at the last delivery comes to.
    func attempt() throws -> String {
        try sender { _ = try awaitAnswer() }
        return try lastAnswer()
    }

    /// Waits until what the last delivery came to is recorded; answers why it came to nothing, or what was answered.
    func awaitAnswer() throws -> String {
        try eventually(within: .seconds(40), "an answer") { try lastAnswer() != "NULL" }
        return try lastAnswer()
    }
}
