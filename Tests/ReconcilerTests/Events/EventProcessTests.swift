import Foundation
import Store
import TestKit
import Testing

/// The real `charter watch` as a sender, and `charter events`.
struct EventProcessTests {
    @Test func `a sender killed before it has recorded the answer sends the same message again`() throws {
        let receiver = try EventReceiver(.init(delay: 600), .fine)
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        let first = try scene.scene.start("watch")
        try eventually(within: .seconds(20), "the first request") { receiver.requests.count == 1 }
        first.kill(9)
        _ = first.wait(within: .seconds(10))
        #expect(try scene.deliveries() == ["waiting 1 -"])
        // Nobody else takes it up before the claim is over.
        #expect(try scene.scene.sql("SELECT claimed_until > now() + interval '20 seconds' FROM charter.recipient") == ["t"])
        let second = try scene.scene.start("watch")
        try scene.scene.sql("UPDATE charter.recipient SET claimed_until = now()")
        try eventually(within: .seconds(20), "the second request") { try scene.deliveries() == ["delivered 2 200"] }
        #expect(receiver.requests.count == 2)
        #expect(receiver.requests[0].id == receiver.requests[1].id)
        second.kill(15)
        #expect(second.wait(within: .seconds(10)) == 0)
    }

    @Test func `an answer to a claim that another has taken over meanwhile changes nothing`() throws {
        let receiver = try EventReceiver(.init(status: 500, delay: 3), .fine)
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "the first request") { receiver.requests.count == 1 }
            // As if this one had been frozen for longer than its claim.
            try scene.scene.sql("UPDATE charter.recipient SET claimed_until = now()")
            try scene.sender {
                try eventually(within: .seconds(20), "the other's") { try scene.deliveries() == ["delivered 2 200"] }
                try eventually(within: .seconds(20), "the late answer") { scene.log.contains { $0.contains(" undelivered ") } }
            }
        }
        #expect(try scene.deliveries() == ["delivered 2 200"])
        #expect(try scene.scene.sql("SELECT failures FROM charter.recipient") == ["0"])
    }

    @Test func `speaks TLS only with whom it can trust`() throws {
        let receiver = try EventReceiver(isSecure: true)
        let scene = try EventScene([
            "hooks.yaml": EventScene.hook("ops", at: receiver).replacing("http://127.0.0.1:", with: "https://localhost:")
        ])
        let stranger = try scene.scene.start("watch")
        #expect(try scene.awaitAnswer().hasPrefix("TLS: the certificate is not good"))
        stranger.kill(15)
        #expect(stranger.wait(within: .seconds(10)) == 0)
        #expect(receiver.requests.isEmpty)

        let friend = try scene.scene.start("watch", environment: ["SSL_CERT_FILE": receiver.authority])
        try scene.letTimePass()
        try eventually(within: .seconds(20), "the delivery") { try scene.deliveries() == ["delivered 2 200"] }
        friend.kill(15)
        #expect(friend.wait(within: .seconds(10)) == 0)
    }

    @Test func `a database that is away for a while loses no event and ends no sender`() throws {
        let receiver = try EventReceiver()
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        let watch = try scene.scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(20), "the first") { receiver.requests.count == 1 }
        for number in 2...4 {
            try scene.scene.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            try scene.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(number) USD/month")])
            try eventually(within: .seconds(30), "number \(number)") { receiver.requests.count == number }
        }
        #expect(try receiver.requests.map { try $0.data()["revision"] as? Int } == [1, 2, 3, 4])
        watch.kill(15)
        #expect(watch.wait(within: .seconds(10)) == 0)
    }

    @Test func `events are listed, shown and sent again, which the audit keeps`() throws {
        let receiver = try EventReceiver(.init(status: 410), .fine)
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.sender { try eventually(within: .seconds(20), "it is given up") { try scene.deliveries() == ["given_up 1 410"] } }
        let list = try scene.scene.charter("events", "list")
        #expect(list.output.contains("  revision.applied  default  1 given up"))
        #expect(list.output.contains("-/Webhook/ops: disabled since"))
        #expect(try scene.scene.charter("events", "list", "--state", "waiting").output.hasPrefix("No events."))
        let shown = try scene.scene.charter("events", "show", "1", "--json")
        let json = try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any]
        #expect(json?["format"] as? Int == 1)
        #expect((json?["deliveries"] as? [[String: Any]])?.first?["last_status"] as? Int == 410)
        #expect(try scene.scene.charter("events", "show", "99").code == 1)
        #expect(try scene.scene.charter("events", "show").code == 2)
        #expect(try scene.scene.charter("events", "redeliver", "1", "--to", "nobody").errors.contains("it is for -/Webhook/ops"))

        let message = receiver.requests[0].id
        let again = try scene.scene.charter("events", "redeliver", message, "--as", "kim")
        #expect(again.code == 0, "\(again.errors)")
        try scene.sender { try eventually(within: .seconds(20), "it is told") { try scene.deliveries() == ["delivered 1 200"] } }
        #expect(receiver.requests.map(\.id) == [message, message])
        #expect(try scene.scene.sql("SELECT actor || ' ' || action || ' ' || subject FROM charter.audit ORDER BY sequence DESC LIMIT 1") == ["kim event.redelivered \(message)"])
    }

    @Test func `what waits too long is given up, and what is settled goes after a week`() throws {
        let receiver = try EventReceiver(.init(status: 500))
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.sender { try eventually(within: .seconds(20), "the attempt") { try scene.deliveries() == ["waiting 1 500"] } }
        try scene.scene.sql("UPDATE charter.delivery SET expires_at = now()")
        try scene.sender { try eventually(within: .seconds(20), "it is given up") { try scene.deliveries() == ["given_up 1 500"] } }
        #expect(try scene.scene.charter("status").output.contains("-/Webhook/ops: 1 given up in 7 days"))
        #expect(scene.log.contains { $0.contains(" gave_up ") })
        try scene.scene.sql("UPDATE charter.delivery SET settled_at = now() - interval '8 days'")
        try scene.scene.sql("UPDATE charter.event SET at = now() - interval '8 days'")
        try scene.sender {
            try eventually(within: .seconds(20), "it goes") { try scene.scene.sql("SELECT count(*) FROM charter.event") == ["0"] }
        }
        #expect(try scene.deliveries().isEmpty)
    }

    @Test func `of a receiver that is away for ever only so much is kept`() throws {
        let receiver = try EventReceiver(.init(status: 500))
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver, events: "[plan.approved]")])
        try scene.scene.apply()
        try scene.session().transaction { transaction in
            try transaction.query(
                "INSERT INTO charter.event (type, unit, org, data, platform_data, subjects) SELECT 'plan.approved', '', '', '{}', '{}', '{}' FROM generate_series(1, $1)",
                [.integer(Int64(Outbox.waitingMax + 50))])
        }
        try scene.sender {
            try eventually(within: .seconds(90), "all are routed") {
                try scene.scene.sql("SELECT count(*) FROM charter.event WHERE routed_at IS NULL") == ["0"]
            }
        }
        #expect(try scene.scene.sql("SELECT count(*) FROM charter.delivery") == ["\(Outbox.waitingMax)"])
        #expect(try scene.scene.charter("status").output.contains("50 dropped, as 10000 were waiting"))
    }
}
