import Foundation
import Reconciler
import Store
import TestKit
import Testing

/// Deliveries to real receivers that are well and unwell.
struct WebhookDeliveryTests {
    private static let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()]

    /// What Python's own HMAC makes of a request; an implementation that shares nothing with ours.
    private func signatures(_ request: EventReceiver.Request, _ secrets: [String]) throws -> String {
        let script = """
            import base64, hashlib, hmac, sys
            signed, secrets = sys.argv[1].encode(), sys.argv[2:]
            print(" ".join("v1," + base64.b64encode(hmac.new(base64.b64decode(s[6:]), signed, hashlib.sha256).digest()).decode() for s in secrets))
            """
        let signed = "\(request.id).\(request.headers["webhook-timestamp"] ?? "").\(request.body)"
        return try Subprocess.run(["python3", "-c", script, signed] + secrets).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `tells of an applied commit, signed by every secret`() throws {
        let receiver = try EventReceiver()
        let file = try receiver.secrets(Self.secrets)
        let scene = try EventScene([
            "hooks.yaml": EventScene.hook("ops", at: receiver, more: "  secret: { file: \"\(file)\" }\n  headers: { x-team: platform }")
        ])
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "the delivery") { try scene.deliveries() == ["delivered 1 200"] }
        }
        let request = try #require(receiver.requests.first)
        #expect(receiver.requests.count == 1)
        #expect(request.path == "/hook?of=ops")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-team"] == "platform")
        #expect(request.id.hasPrefix("msg_"))
        let attempted = try #require(request.headers["webhook-timestamp"].flatMap { Double($0) })
        #expect(abs(attempted - Date().timeIntervalSince1970) < 60)
        #expect(try request.headers["webhook-signature"] == signatures(request, Self.secrets))
        let body = try request.json()
        #expect(Set(body.keys) == ["type", "timestamp", "data"])
        #expect(body["type"] as? String == "revision.applied")
        let data = try request.data()
        #expect(data["revision"] as? Int == 1)
        #expect(data["unit"] as? String == "default")
        #expect(data["message"] as? String == "First rules")
        #expect(data["count"] as? Int == 7)
        #expect(scene.log.contains { $0.contains(" delivered ") })
    }

    @Test func `goes to whom a commit declared, whatever a hand wrote into the rows`() throws {
        let (receiver, stranger) = (try EventReceiver(), try EventReceiver())
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.scene.sql(
            "UPDATE charter.resource SET canonical = replace(canonical, ':\(receiver.port)/', ':\(stranger.port)/') WHERE kind = 'Webhook'")
        try scene.sender {
            try eventually(within: .seconds(20), "the delivery") { try scene.deliveries() == ["delivered 1 200"] }
        }
        // A row that is gone, or cannot be read, gives nothing up either.
        try scene.scene.sql("UPDATE charter.resource SET canonical = '[]' WHERE kind = 'Webhook'")
        try scene.scene.sql("UPDATE charter.delivery SET state = 'waiting', settled_at = NULL, attempts = 0")
        try scene.sender {
            try eventually(within: .seconds(20), "the next delivery") { try scene.deliveries() == ["delivered 1 200"] }
        }
        #expect(receiver.requests.count == 2)
        #expect(stranger.requests.isEmpty)
    }

    @Test func `sends the same message again after a failure, with the time of the new attempt`() throws {
        let receiver = try EventReceiver(.init(status: 500, body: "not now"), .fine)
        let file = try receiver.secrets([Self.secrets[0]])
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver, more: "  secret: { file: \"\(file)\" }")])
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "the first attempt") { try scene.deliveries() == ["waiting 1 500"] }
            #expect(try scene.lastAnswer() == "not now")
            let pause = try scene.scene.sql("SELECT round(extract(epoch FROM next_at - last_at)) FROM charter.delivery")[0]
            #expect(["5", "6"].contains(pause))
            try eventually(within: .seconds(20), "the second attempt") { try scene.deliveries() == ["delivered 2 200"] }
        }
        let requests = receiver.requests
        #expect(requests.count == 2)
        #expect(requests[0].id == requests[1].id)
        #expect(requests[0].body == requests[1].body)
        #expect(requests[0].headers["webhook-timestamp"] != requests[1].headers["webhook-timestamp"])
        #expect(try requests[1].headers["webhook-signature"] == signatures(requests[1], [Self.secrets[0]]))
    }

    @Test func `comes again no sooner than a receiver asks, and leaves it alone till then`() throws {
        let receiver = try EventReceiver(.init(status: 429, headers: ["Retry-After": "120"]))
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "the first attempt") { try scene.deliveries() == ["waiting 1 429"] }
            try scene.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
            try scene.scene.apply()
            try eventually(within: .seconds(20), "the second event") { try scene.deliveries() == ["waiting 1 429", "waiting 0 -"] }
        }
        #expect(try scene.scene.sql("SELECT next_at > last_at + interval '119 seconds' FROM charter.delivery ORDER BY id") == ["t", "NULL"])
        #expect(try scene.scene.sql("SELECT rests_until > now() + interval '100 seconds' FROM charter.recipient") == ["t"])
        #expect(receiver.requests.count == 1)
    }

    @Test func `sends nothing more to a receiver that is gone, until its declaration changes`() throws {
        let receiver = try EventReceiver(.init(status: 410), .fine)
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "it is given up") { try scene.deliveries() == ["given_up 1 410"] }
            #expect(try scene.scene.charter("status").output.contains("-/Webhook/ops: disabled since"))
            try scene.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
            try scene.scene.apply()
            try eventually(within: .seconds(20), "the second is routed") {
                try scene.scene.sql("SELECT count(*) FROM charter.event WHERE routed_at IS NULL") == ["0"]
            }
            #expect(try scene.deliveries().count == 1)
            try scene.scene.repository.commit(["hooks.yaml": EventScene.hook("ops", at: receiver, more: "  description: Anew.")])
            try scene.scene.apply()
            try eventually(within: .seconds(20), "the third is told") { try scene.deliveries().last == "delivered 1 200" }
        }
        #expect(receiver.requests.count == 2)
        #expect(scene.log.contains { $0.contains(" recipient_disabled ") })
    }

    @Test func `follows no redirect`() throws {
        let elsewhere = try EventReceiver()
        let receiver = try EventReceiver(.init(status: 307, headers: ["Location": "http://127.0.0.1:\(elsewhere.port)/"]))
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "the attempt") { try scene.deliveries() == ["waiting 1 307"] }
        }
        #expect(try scene.lastAnswer() == "redirects are not followed")
        #expect(elsewhere.requests.isEmpty)
    }

    @Test(arguments: [
        ("hangs", EventReceiver.Answer(delay: 30), "1s", "waiting 1 -", "no answer within 1 s"),
        ("closes", .init(act: "close"), "20s", "waiting 1 -", "the connection was closed before an answer"),
        // The status says all that matters.
        ("cuts its answer off", .init(act: "cut"), "20s", "delivered 1 200", "thank you"),
        ("never stops talking", .init(act: "endless"), "20s", "delivered 1 200", String(repeating: "x", count: 1000)),
    ])
    func `is not held up by a receiver that is unwell`(
        _: String, answer: EventReceiver.Answer, timeout: String, delivery: String, said: String
    ) throws {
        let receiver = try EventReceiver(answer)
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver, more: "  timeout: \(timeout)")])
        try scene.scene.apply()
        #expect(try scene.attempt() == said)
        #expect(try scene.deliveries() == [delivery])
    }

    @Test func `waits for a receiver that does not listen yet`() throws {
        let receiver = try EventReceiver()
        let port = try freePort()
        let scene = try EventScene([
            "hooks.yaml": EventScene.hook("ops", at: receiver).replacing(":\(receiver.port)/", with: ":\(port)/")
        ])
        try scene.scene.apply()
        #expect(try scene.attempt().hasPrefix("no connection: "))
        #expect(try scene.deliveries() == ["waiting 1 -"])
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `connects to no private address that is not declared to be one`(host: String) throws {
        let receiver = try EventReceiver(isSecure: true)
        let scene = try EventScene([
            "hooks.yaml": EventScene.hook("ops", at: receiver).replacing("http://127.0.0.1:", with: "https://\(host):")
                .replacing("privateNetwork: true", with: "privateNetwork: false")
        ])
        try scene.scene.apply()
        #expect(try scene.attempt() == "the address is private, and privateNetwork is not declared")
        #expect(receiver.requests.isEmpty)
    }

    @Test func `says why a secret cannot be had, and sends nothing without it`() throws {
        let receiver = try EventReceiver()
        let scene = try EventScene([
            "hooks.yaml": EventScene.hook("ops", at: receiver, more: "  secret: { env: CHARTER_DATABASE_URL }"),
            "orgs/acme/hooks.yaml": EventScene.organizationHook("own", more: "  authorization: { env: ACME_TOKEN }"),
        ])
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "both attempts") {
                try scene.scene.sql("SELECT count(*) FROM charter.delivery WHERE last_answer IS NOT NULL") == ["2"]
            }
        }
        #expect(
            try Set(scene.scene.sql("SELECT last_answer FROM charter.delivery")) == [
                "`CHARTER_DATABASE_URL` is a variable of Charter's own",
                "`ACME_TOKEN` is a variable, which the platform alone may name: secrets of `acme` are files below `/run/secrets/acme/`",
            ])
        #expect(receiver.requests.isEmpty)
    }

    @Test func `another unit's webhook is sent no secret of an organization that is not its own`() throws {
        let (receiver, stranger) = (try EventReceiver(), try EventReceiver())
        let folder = try EventReceiver.Folder()
        try folder.write("acme/token", "Bearer of-acme\n")
        let secret = "  authorization: { file: \"\(folder.path)/acme/token\" }"
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver, more: secret)])
        try scene.scene.apply()
        let other = try TestRepository()
        try other.commit([
            "charter.yaml": "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: other }\nspec: { drift: report }\n",
            "more.yaml": EventScene.hook("theirs", at: stranger, more: secret),
        ])
        #expect(try scene.scene.charter("apply", "--unit", "other", "--repo", other.path).code == 0)
        try scene.sender(secrets: folder.path) {
            try eventually(within: .seconds(20), "both") { try !scene.answers(of: "-/Webhook/theirs").contains("NULL") && receiver.requests.count == 2 }
        }
        #expect(
            try Set(scene.answers(of: "-/Webhook/theirs")).isSubset(of: [
                "the file \(folder.path)/acme/token is of the organization acme, which the unit default declares", "NULL",
            ]))
        #expect(receiver.requests.allSatisfy { $0.headers["authorization"] == "Bearer of-acme" })
        #expect(stranger.requests.isEmpty)
    }

    @Test func `tells an organization of its own alone`() throws {
        let all = try EventReceiver()
        let scene = try EventScene([
            "hooks.yaml": EventScene.hook("all", at: all),
            "orgs/acme/hooks.yaml": EventScene.organizationHook("own"),
            "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { displayName: Globex }\n",
            "orgs/globex/members.yaml": Declared.member("zoe", roles: "[admin]"),
        ])
        try scene.scene.apply()
        try scene.scene.repository.commit([
            "orgs/globex/members.yaml": Declared.member("zoe", roles: "[admin]") + "---\n" + Declared.member("yan", roles: "[developer]")
        ], message: "The secret plans of globex")
        try scene.scene.apply()
        try scene.sender {
            try eventually(within: .seconds(20), "two deliveries") { try scene.deliveries().count { $0 == "delivered 1 200" } == 2 }
            // Nothing answers at the address of the other, to which nothing is sent in the private network.
            try eventually(within: .seconds(20), "the attempt at the other") { try scene.answers(of: "acme/Webhook/own") != ["NULL"] }
        }
        #expect(try scene.answers(of: "acme/Webhook/own") == ["the address is private, where nothing that an organization declares is sent"])
        try scene.letTimePass()
        let own = try scene.body(for: "acme/Webhook/own")
        #expect(!own.contains("globex") && !own.contains(#""message""#), "\(own)")
        #expect(own.contains(#""count":6"#), "\(own)")
        #expect(all.requests.count == 2)
        #expect(try all.requests[1].data()["message"] as? String == "The secret plans of globex")
    }

    @Test func `an organization's webhook leads into no private network, whatever was applied by an earlier version`() throws {
        let receiver = try EventReceiver()
        let scene = try EventScene(["orgs/acme/hooks.yaml": EventScene.hook("own", at: receiver)])
        #expect(try scene.scene.apply().isRejected)
        try scene.scene.repository.commit(["orgs/acme/hooks.yaml": EventScene.organizationHook("own")])
        try scene.scene.apply()
        try scene.scene.sql(
            """
            UPDATE charter.history SET value = replace(value, 'https://127.0.0.1:9/', 'http://127.0.0.1:\(receiver.port)/')
            WHERE kind = 'Webhook'
            """)
        try scene.scene.sql("UPDATE charter.history SET value = replace(value, '\"url\"', '\"privateNetwork\":true,\"url\"') WHERE kind = 'Webhook'")
        #expect(try scene.scene.sql("SELECT value FROM charter.history WHERE kind = 'Webhook'")[0].contains("privateNetwork"))
        #expect(try scene.attempt() == "the address is private, where nothing that an organization declares is sent")
        #expect(receiver.requests.isEmpty)
    }

    @Test(arguments: ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "100.100.100.200", "[fd00:ec2::254]"])
    func `nothing is sent to where a machine is told of itself, also into the private network`(host: String) throws {
        let receiver = try EventReceiver()
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.scene.sql("UPDATE charter.history SET value = replace(value, '127.0.0.1:\(receiver.port)', '\(host)') WHERE kind = 'Webhook'")
        #expect(try scene.attempt() == "the address is link-local, or another at which a machine is told of itself")
    }

    @Test func `tells nobody who is suspended, and holds back what waits for one`() throws {
        let receiver = try EventReceiver(.init(status: 500), .fine)
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.sender { try eventually(within: .seconds(20), "the attempt") { try scene.deliveries() == ["waiting 1 500"] } }
        try scene.scene.repository.commit([
            "hooks.yaml": EventScene.hook("ops", at: receiver, more: "  suspend: { reason: moving }")
        ])
        try scene.scene.apply()
        try scene.letTimePass()
        try scene.sender {
            try eventually(within: .seconds(20), "it is held back") { try scene.lastAnswer() == "the recipient is suspended" }
        }
        #expect(try scene.deliveries() == ["waiting 1 500"])
        #expect(receiver.requests.count == 1)
        try scene.scene.repository.commit(["hooks.yaml": EventScene.hook("ops", at: receiver)])
        try scene.scene.apply()
        try scene.letTimePass()
        try scene.sender {
            try eventually(within: .seconds(20), "both are told") {
                try scene.deliveries().allSatisfy { $0.hasPrefix("delivered") }
            }
        }
        // Of what happened while it was suspended nothing was kept for it.
        #expect(try receiver.requests.map { try $0.data()["revision"] as? Int } == [1, 1, 3])
    }

    @Test func `whatever waits for one that is suspended rests with it`() throws {
        let receiver = try EventReceiver()
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver, events: "[plan.approved]")])
        try scene.scene.apply()
        let connection = try scene.session()
        try connection.transaction { transaction in
            for number in 1...200 { try Outbox.append(transaction, EventDraft(type: "plan.approved", data: #"{"number":\#(number)}"#)) }
        }
        try receiver.answer(.init(status: 500))
        try scene.sender { try eventually(within: .seconds(20), "they wait") { try scene.deliveries().count == 200 } }
        try scene.scene.repository.commit([
            "hooks.yaml": EventScene.hook("ops", at: receiver, events: "[plan.approved]", more: "  suspend: { reason: moving }")
        ])
        try scene.scene.apply()
        try scene.letTimePass()
        let written = "SELECT count(*) FROM charter.delivery WHERE last_answer = 'the recipient is suspended'"
        try scene.sender {
            try eventually(within: .seconds(20), "it rests") {
                try scene.scene.sql("SELECT count(*) FROM charter.recipient WHERE rests_until > now() + interval '30 seconds'") == ["1"]
            }
            // Another recipient's turn goes round meanwhile, and nothing more is asked of this one.
            try connection.transaction { try Outbox.append($0, EventDraft(type: "plan.blocked", data: "{}")) }
            try eventually(within: .seconds(20), "more turns") {
                try scene.scene.sql("SELECT count(*) FROM charter.event WHERE routed_at IS NULL") == ["0"]
            }
        }
        #expect(try scene.scene.sql(written) == ["1"])
        #expect(try scene.scene.sql("SELECT count(*) FROM charter.delivery WHERE state = 'waiting'") == ["200"])
        // It is asked about again once its declaration changes.
        try receiver.answer(.fine)
        try scene.scene.repository.commit(["hooks.yaml": EventScene.hook("ops", at: receiver, events: "[plan.approved]")])
        try scene.scene.apply()
        try scene.scene.sql("UPDATE charter.delivery SET next_at = now()")
        try scene.sender {
            try eventually(within: .seconds(60), "all are told") {
                try scene.scene.sql("SELECT count(*) FROM charter.delivery WHERE state = 'delivered'") == ["200"]
            }
        }
    }

    @Test func `passes over what a filter does not let through, and adds what notifications name`() throws {
        let receiver = try EventReceiver()
        let scene = try EventScene([
            "charter.yaml": Declared.platform["charter.yaml"]!.replacing(
                "{ drift: report }",
                with: "{ drift: report, notifications: [{ events: [revision.rejected], webhooks: [ops] }] }"),
            "hooks.yaml": EventScene.hook("ops", at: receiver, more: "  filter: { kinds: [Project] }")
                + "---\n" + EventScene.hook("two", at: receiver, events: "[plan.blocked]"),
        ])
        try scene.scene.apply()
        try scene.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try scene.scene.apply()
        try scene.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        #expect(try scene.scene.apply().isRejected)
        try scene.sender {
            try eventually(within: .seconds(20), "all are routed") {
                try scene.scene.sql("SELECT count(*) FROM charter.event WHERE routed_at IS NULL") == ["0"]
            }
            try eventually(within: .seconds(20), "the delivery") { try scene.deliveries() == ["delivered 1 200"] }
        }
        #expect(try receiver.requests.map { try $0.data()["revision"] as? Int } == [1])
    }

    @Test func `two senders send each event once, and in the order of what happened`() throws {
        let receiver = try EventReceiver(.init(delay: 0.02))
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver, events: "[plan.approved]")])
        try scene.scene.apply()
        let connection = try scene.session()
        try connection.transaction { transaction in
            for number in 1...40 {
                try Outbox.append(
                    transaction, EventDraft(type: "plan.approved", unit: "default", data: #"{"unit":"default","number":\#(number)}"#))
            }
        }
        try scene.sender {
            try scene.sender {
                try eventually(within: .seconds(60), "all") {
                    try scene.scene.sql("SELECT count(*) FROM charter.delivery WHERE state = 'delivered'") == ["40"]
                }
            }
        }
        #expect(try receiver.requests.map { try $0.data()["number"] as? Int } == Array(1...40))
        #expect(Set(receiver.requests.map(\.id)).count == 40)
    }

    @Test func `a dead receiver holds up nobody else`() throws {
        let (dead, well) = (try EventReceiver(.init(delay: 600)), try EventReceiver())
        let scene = try EventScene([
            "hooks.yaml": EventScene.hook("a-dead", at: dead, events: "[plan.approved]", more: "  timeout: 20s")
                + "---\n" + EventScene.hook("well", at: well, events: "[plan.approved]")
        ])
        try scene.scene.apply()
        try scene.session().transaction { transaction in
            for number in 1...10 {
                try Outbox.append(transaction, EventDraft(type: "plan.approved", data: #"{"number":\#(number)}"#))
            }
        }
        let took = try ContinuousClock().measure {
            try scene.sender {
                try eventually(within: .seconds(20), "those of the other") {
                    try scene.scene.sql("SELECT count(*) FROM charter.delivery WHERE state = 'delivered'") == ["10"]
                }
            }
        }
        #expect(took < .seconds(15))
        #expect(dead.requests.count <= 1)
        // What was under way when the sender ended did not count, and nobody has to wait for its claim.
        #expect(try scene.scene.sql("SELECT max(attempts) FROM charter.delivery WHERE recipient = '-/Webhook/a-dead'") == ["0"])
        #expect(try scene.scene.sql("SELECT count(*) FROM charter.recipient WHERE claimed_until > now()") == ["0"])
    }

    @Test func `writes an event as a CloudEvent where that is declared`() throws {
        let receiver = try EventReceiver()
        let scene = try EventScene(["hooks.yaml": EventScene.hook("ops", at: receiver, more: "  format: cloudevents")])
        try scene.scene.apply()
        try scene.sender { try eventually(within: .seconds(20), "the delivery") { try scene.deliveries() == ["delivered 1 200"] } }
        let request = try #require(receiver.requests.first)
        #expect(request.headers["content-type"] == "application/cloudevents+json; charset=utf-8")
        let body = try request.json()
        #expect(body["specversion"] as? String == "1.0")
        #expect(body["id"] as? String == request.id)
        #expect(body["type"] as? String == "revision.applied")
        #expect(body["source"] as? String == "/charter/units/default")
        #expect(body["data"] is [String: Any])
    }
}
