import HTTP
import Store
import TestKit
import Testing

@testable import Services

/// Overrides by the admin API.
struct OverrideRouteTests {
    private let scene: AdminScene
    private let admin = AdminScene.secret("acme", "admin")

    init() throws { scene = try AdminScene() }

    private static func body(_ more: String = #""set":["limit=400USD"]"#, target: String = "budget/acme/team", until: String = "1h") -> String {
        #"{"target":"\#(target)",\#(more),"until":"\#(until)","reason":"the night"}"#
    }

    private func set(_ body: String = body(), in org: String = "acme", key: String? = nil, as secret: String? = nil) throws -> AdminAnswer {
        var headers: Headers = [:]
        if let key { headers.add("idempotency-key", key) }
        return try scene.call(.post, "/v1/admin/orgs/\(org)/overrides", as: secret ?? admin, body: body, headers: headers)
    }

    private func count() throws -> String { try scene.sql("SELECT count(*) FROM charter.override")[0] }

    @Test func `an override is set, read, listed and ended in the caller's name`() throws {
        let made = try set()
        #expect(made.status == 201, "\(made.text)")
        let id = try #require(made.json["id"] as? String)
        #expect(made.json["owner"] as? String == "acme/admin" && made.json["denies"] as? Bool == false)
        let one = try scene.call(.get, "/v1/admin/orgs/acme/overrides/\(id)", as: admin)
        #expect(one.status == 200 && one.body == made.body)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/overrides", as: admin).items.compactMap { $0["id"] as? String } == [id])
        let ended = try scene.call(.post, "/v1/admin/orgs/acme/overrides/\(id)/end", as: admin, body: #"{"reason":"over"}"#)
        #expect(ended.status == 200 && ended.json["ended_by"] as? String == "acme/admin", "\(ended.text)")
        #expect(try scene.call(.post, "/v1/admin/orgs/acme/overrides/\(id)/end", as: admin).status == 409)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/overrides", as: admin).items.isEmpty)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/overrides", as: admin, query: "state=all").items.count == 1)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/overrides", as: admin, query: "state=x").status == 400)
        let acts = try scene.call(.get, "/v1/admin/orgs/acme/audit", as: admin)
        #expect(acts.items.compactMap { $0["action"] as? String } == ["override.ended", "override.set"])
    }

    @Test func `a list is read page by page`() throws {
        for _ in 1...5 { #expect(try set().status == 201) }
        var (ids, cursor): ([String], String?) = ([], nil)
        repeat {
            let page = try scene.call(
                .get, "/v1/admin/orgs/acme/overrides", as: admin, query: "limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
            ids += page.items.compactMap { $0["id"] as? String }
            cursor = page.json["next"] as? String
        } while cursor != nil
        #expect(ids.count == 5 && Set(ids).count == 5)
    }

    @Test func `a repeated call with its idempotency key finds what it did, and another one with that key is refused`() throws {
        let first = try set(key: "night-1")
        let again = try set(key: "night-1")
        #expect(first.status == 201 && again.status == 201 && again.body == first.body, "\(again.text)")
        #expect(try set(Self.body(#""deny":true"#, target: "key/acme/viewer"), key: "night-1").status == 409)
        #expect(try count() == "1")
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'override.set'") == ["1"])
        let other = try set(Self.body(target: "budget/globex/team"), in: "globex", key: "night-1", as: AdminScene.secret("globex", "admin"))
        #expect(other.status == 201, "another caller's keys are others")
        #expect(try set(key: "night-2").json["id"] as? String != first.json["id"] as? String)
        #expect(try set(key: String(repeating: "k", count: 300)).status == 400)
    }

    @Test func `of two calls at once with one idempotency key and two bodies one takes effect, and the other is refused`() throws {
        let bodies = [Self.body(#""set":["limit=400USD"]"#), Self.body(#""set":["limit=500USD"]"#)]
        // Both have looked for what was set before, and neither has set anything, when the sequence is let go.
        let calls = try Connection(scene.database).transaction { transaction in
            try transaction.query("UPDATE charter.override_sequence SET id = id")
            let calls = bodies.map { body in Background { try set(body, key: "night-1") } }
            try eventually(within: .seconds(25), "both calls wait") {
                try scene.sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == ["2"]
            }
            return calls
        }
        let answers = try calls.map { try $0.value() }
        #expect(answers.map(\.status).sorted() == [201, 409], "\(answers.map(\.text))")
        #expect(try count() == "1")
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'override.set'") == ["1"])
        #expect(try scene.sql("SELECT count(*) FROM charter.event WHERE type = 'override.opened'") == ["1"])
        // Whoever was first finds it again, and the other one is still refused.
        #expect(try zip(bodies, answers).allSatisfy { body, answer in try set(body, key: "night-1").status == answer.status })
    }

    @Test(arguments: [
        (body(#""deny":false"#), 422), (body(#""set":[]"#), 422), (body(#""set":["limit=1USD"],"deny":true"#), 422),
        (body(until: "8d"), 400), (body(until: "soon"), 400), (body(target: "budget"), 400), (body(target: "budget/acme/none"), 404),
        (body(#""set":["owner=eve"]"#, target: "key/acme/viewer"), 400), (#"{"target":"budget/acme/team","set":["limit=1USD"],"until":"1h"}"#, 422),
    ])
    func `what cannot be set aside is refused and sets nothing`(body: String, status: Int) throws {
        let answer = try set(body)
        #expect(answer.status == status, "\(body): \(answer.text)")
        #expect(try count() == "0")
    }

    @Test func `another organization's rules and overrides are like none, for whoever comes by whichever path`() throws {
        let foreign = try set(Self.body(target: "budget/globex/team"))
        let missing = try set(Self.body(target: "budget/globex/none"))
        #expect(foreign.status == 404 && foreign.body == missing.body)
        let made = try scene.callLocally(.post, "/v1/admin/overrides", body: Self.body(target: "budget/globex/team"))
        #expect(made.status == 201, "\(made.text)")
        let id = try #require(made.json["id"] as? String)
        for (method, act) in [(HTTP.Method.get, ""), (.post, "/end")] {
            let theirs = try scene.call(method, "/v1/admin/orgs/acme/overrides/\(id)\(act)", as: admin)
            let nobodys = try scene.call(method, "/v1/admin/orgs/acme/overrides/00000000-0000-4000-8000-000000000000\(act)", as: admin)
            #expect(theirs.status == 404 && theirs.body == nobodys.body)
        }
        #expect(try scene.callLocally(.get, "/v1/admin/orgs/acme/overrides/\(id)").status == 404)
        #expect(try scene.callLocally(.post, "/v1/admin/orgs/acme/overrides", body: Self.body(target: "budget/globex/team")).status == 404)
        #expect(try scene.callLocally(.get, "/v1/admin/overrides").items.count == 1)
        #expect(try scene.callLocally(.post, "/v1/admin/overrides/\(id)/end").status == 200)
    }

    @Test(arguments: ["viewer", "analyst", "developer", "finance", "security", "org-admin"])
    func `whoever lacks override write sets and ends nothing`(role: String) throws {
        let id = try #require(try set().json["id"] as? String)
        let secret = AdminScene.secret("acme", role)
        #expect(try set(as: secret).status == 403)
        #expect(try scene.call(.post, "/v1/admin/orgs/acme/overrides/\(id)/end", as: secret).status == 403)
        #expect(try count() == "1")
    }

    @Test func `a commit of an override is asked for in the caller's name, once, and as a proposal where the key may no more`() throws {
        let id = try #require(try set().json["id"] as? String)
        func commit(as secret: String) throws -> AdminAnswer {
            try scene.call(.post, "/v1/admin/orgs/acme/overrides/\(id)/commit", as: secret, body: #"{"reason":"for good"}"#)
        }
        #expect(try commit(as: AdminScene.secret("acme", "org-admin")).status == 403)
        #expect(try commit(as: AdminScene.secret("globex", "admin")).status == 404)
        let first = try commit(as: admin)
        #expect(first.status == 202 && first.json["caller"] as? String == "acme/admin", "\(first.text)")
        #expect(first.headers["location"] == "/v1/admin/changes/\(first.json["id"] as? String ?? "")")
        #expect(try commit(as: admin).json["id"] as? String == first.json["id"] as? String)
        let shown = try scene.call(.get, "/v1/admin/orgs/acme/overrides/\(id)", as: admin)
        #expect(shown.json["change"] as? String == first.json["id"] as? String && shown.json["elements"] is [String: Any], "\(shown.text)")
        // The key's scope has config.propose and not config.write, whatever its owner may.
        #expect(try scene.sql("SELECT patch::jsonb->>'propose' FROM charter.change_request") == ["true"])
        let local = try scene.callLocally(.post, "/v1/admin/overrides/\(id)/commit", body: "{}")
        #expect(local.status == 403, "\(local.text)")
    }
}
