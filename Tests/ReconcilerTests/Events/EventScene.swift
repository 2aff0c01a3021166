import Foundation
import Reconciler
import Spec
import Store
import Synchronization
import TestKit

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

    var log: [String] { lines.withLock { $0 } }

    /// A sender that ends with the returned value.
    func sender(_ body: () throws -> Void) throws {
        let sender = try EventSender.start(database: scene.database) { [self] line in lines.withLock { $0.append(line) } }
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
        try eventually(within: .seconds(20), "an answer") { try lastAnswer() != "NULL" }
        return try lastAnswer()
    }
}
