import Foundation
import TestKit
import Testing

@testable import Services

/// Acts that become changes of what is declared, over a real listener, with a real reconciler.
struct WaitedActsTests {
    private static let overrides = "orgs/acme/overrides"

    private func raise(_ it: WriteScene) throws -> String {
        let body = #"{"target":"budget/acme/team","set":["limit=400USD"],"until":"1h","reason":"the night"}"#
        let set = try it.call("POST", Self.overrides, body)
        return try #require(set.json["id"] as? String, "\(set.text)")
    }

    @Test func `a commit of an override is waited for, and a repeated call answers the same when the override is over`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let id = try raise(it)
        let done = try it.call("POST", "\(Self.overrides)/\(id)/commit", "{}", as: "ada", ["Idempotency-Key": "k"])
        #expect(done.status == 200 && done.json["state"] as? String == "enforced", "\(done.text) \(it.trouble)")
        #expect(done.headers["location"] == "/v1/admin/changes/\(done.json["id"] as? String ?? "")")
        #expect(try it.file(WriteScene.budget).contains("400 USD/month   # with finance"))
        try it.sql("UPDATE charter.override SET ended_at = now(), ended_by = 'test'")
        let again = try it.call("POST", "\(Self.overrides)/\(id)/commit", "{}", as: "ada", ["Idempotency-Key": "k"])
        #expect(again.status == 200 && again.json["id"] as? String == done.json["id"] as? String, "\(again.text)")
        #expect(try it.call("POST", "\(Self.overrides)/\(id)/commit", "{}").status == 409)
    }

    @Test func `a commit of an override that nobody makes yet is 202, and one that is refused is told why`() throws {
        let it = try WriteScene(patience: .zero)
        let id = try raise(it)
        let asked = try it.call("POST", "\(Self.overrides)/\(id)/commit", "{}")
        #expect(asked.status == 202 && asked.json["state"] as? String == "pending", "\(asked.text)")
        let other = try WriteScene()
        let stale = try raise(other)
        try other.repository.commit([WriteScene.budget: WriteScene.budgetText.replacing("100 USD", with: "150 USD")])
        let raced = Background { () -> (status: Int, text: String) in
            let answer = try other.call("POST", "\(Self.overrides)/\(stale)/commit", "{}")
            return (answer.status, answer.text)
        }
        try eventually(within: .seconds(60), "it is asked for") { try other.sql("SELECT count(*) FROM charter.change_request") == ["1"] }
        try other.startWatch()
        let refused = try raced.value()
        #expect(refused.status == 412 && refused.text.contains("changed meanwhile"), "\(refused.text) \(other.trouble)")
    }

    @Test func `an adoption of drift is waited for, and a repeated call answers the same when the finding is settled`() throws {
        let it = try WriteScene()
        try it.startWatch("--drift-interval", "100ms")
        try it.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD/month', '900 USD/month') WHERE kind = 'Budget'")
        try eventually(within: .seconds(60), "it is found: \(it.trouble)") { try it.sql("SELECT count(*) FROM charter.drift_finding WHERE settled_at IS NULL") == ["1"] }
        let body = #"{"subject":"acme/Budget/team","reason":"the night"}"#
        let done = try it.call("POST", "orgs/acme/drift/adopt", body, as: "ada", ["Idempotency-Key": "k"])
        let change = try #require((done.json["changes"] as? [[String: Any]])?.first, "\(done.text) \(it.trouble)")
        #expect(done.status == 200 && change["state"] as? String == "enforced", "\(done.text) \(it.trouble)")
        #expect(done.headers["location"] == "/v1/admin/changes/\(change["id"] as? String ?? "")")
        #expect(try it.file(WriteScene.budget).contains("900 USD/month"))
        try eventually(within: .seconds(60), "it is settled: \(it.trouble)") { try it.sql("SELECT count(*) FROM charter.drift_finding WHERE settled_at IS NULL") == ["0"] }
        let again = try it.call("POST", "orgs/acme/drift/adopt", body, as: "ada", ["Idempotency-Key": "k"])
        #expect(again.status == 200 && (again.json["changes"] as? [[String: Any]])?.first?["id"] as? String == change["id"] as? String, "\(again.text)")
        let other = try it.call("POST", "orgs/acme/drift/adopt", #"{"all":true}"#, as: "ada", ["Idempotency-Key": "k"])
        #expect(other.status == 409, "\(other.text)")
    }
}
