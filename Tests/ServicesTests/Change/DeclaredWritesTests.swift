import Crypto
import Foundation
import TestKit
import Testing

@testable import Services

/// Declarations written over a real listener, with a real reconciler on a bare repository.
struct DeclaredWritesTests {
    private static let project = "orgs/acme/projects/search"

    @Test func `a project is put, patched, and removed, each by a commit of whoever calls`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let made = try it.call("PUT", Self.project + "?reason=more+search", #"{"labels":{"tier":"gold"},"spec":{"displayName":"Search"}}"#)
        #expect(made.status == 201 && made.change["state"] as? String == "enforced", "\(made.text) \(it.trouble)")
        #expect(made.resource?["name"] as? String == "search" && made.headers["location"]?.hasPrefix("/v1/admin/changes/") == true)
        let message = try it.repository.git("log", "-1", "--format=%an %B", "main")
        #expect(message.hasPrefix("ada ") && message.contains("Add acme/Project/search") && message.contains("more search"))
        let patched = try it.call("PATCH", Self.project, #"{"labels":{"tier":null},"spec":{"displayName":"Find"}}"#)
        #expect(patched.status == 200, "\(patched.text) \(it.trouble)")
        let shown = try it.call("GET", Self.project)
        #expect(shown.text.contains(#""displayName":"Find""#) && !shown.text.contains("gold"), "\(shown.text)")
        let again = try it.call("PUT", Self.project, #"{"spec":{"displayName":"Find"}}"#)
        #expect(again.status == 200, "\(again.text)")
        let removed = try it.call("DELETE", Self.project)
        #expect(removed.status == 200 && removed.json["resource"] is NSNull, "\(removed.text) \(it.trouble)")
        #expect(try it.call("GET", Self.project).status == 404)
        let changes = try it.call("GET", "changes?limit=3")
        #expect((changes.json["items"] as? [[String: Any]])?.count == 3 && changes.json["next"] is String, "\(changes.text)")
    }

    @Test func `a patch edits its field alone, and the comments stay`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let answer = try it.call("PATCH", "orgs/acme/budgets/team", #"{"spec":{"hard":"400 USD/month"}}"#)
        #expect(answer.status == 200, "\(answer.text) \(it.trouble)")
        #expect(try it.file(WriteScene.budget) == WriteScene.budgetText.replacing("100 USD/month", with: "400 USD/month"))
    }

    @Test func `without a reconciler the answer is 202, and the change is followed, and withdrawn, where it is told to be`() throws {
        let it = try WriteScene(patience: .zero)
        let asked = try it.call("PUT", Self.project, #"{"spec":{"displayName":"Search"}}"#)
        #expect(asked.status == 202 && asked.change["state"] as? String == "pending" && asked.json["resource"] is NSNull, "\(asked.text)")
        let place = try #require(asked.headers["location"]).replacing("/v1/admin/", with: "")
        let id = try #require(asked.change["id"] as? String)
        #expect(place == "changes/\(id)")
        let page = try it.call("GET", place)
        #expect(page.status == 200 && page.json["state"] as? String == "pending" && page.json["unit"] as? String == "default", "\(page.text)")
        // A viewer may neither look at another's change nor take it back.
        for (method, act) in [("GET", ""), ("POST", "/withdraw")] {
            let (foreign, missing) = (
                try it.call(method, place + act, as: "vi"), try it.call(method, "changes/\(SecureRandom.uuid())\(act)", as: "vi")
            )
            #expect(foreign.status == 404 && foreign.json["detail"] as? String == missing.json["detail"] as? String)
        }
        #expect(try it.call("POST", place + "/withdraw", #"{"reason":"not now"}"#).json["state"] as? String == "withdrawn")
        #expect(try it.call("POST", place + "/withdraw").status == 200)
        #expect(try it.sql("SELECT state FROM charter.change_request") == ["withdrawn"])
    }

    @Test func `a key that may ask for no change sees none of its owner's, takes none back, and has no override committed`() throws {
        let it = try WriteScene(patience: .zero)
        let asked = try it.call("PUT", Self.project, #"{"spec":{"displayName":"Search"}}"#)
        let id = try #require(asked.change["id"] as? String, "\(asked.text)")
        let override = try it.call(
            "POST", "orgs/acme/overrides", #"{"target":"key/acme/vi","deny":true,"until":"1h","reason":"leaked"}"#, as: "ops")
        let overrideID = try #require(override.json["id"] as? String, "\(override.text)")
        let refused = try it.call("POST", "orgs/acme/overrides/\(overrideID)/commit", "{}", as: "ops")
        #expect(refused.status == 403 && refused.text.contains("config.propose"), "\(refused.text)")
        for (method, act, body) in [("GET", "", nil), ("POST", "/withdraw", "{}")] {
            let own = try it.call(method, "changes/\(id)\(act)", body, as: "ops")
            let missing = try it.call(method, "changes/\(SecureRandom.uuid())\(act)", body, as: "ops")
            #expect(own.status == 404 && own.json["detail"] as? String == missing.json["detail"] as? String, "\(own.text)")
        }
        #expect(try it.call("GET", "changes/\(id)", as: "ada").status == 200)
        #expect(try it.sql("SELECT state FROM charter.change_request") == ["pending"])
    }

    @Test func `If-Match and If-None-Match hold when the call is made, and at the commit`() throws {
        let it = try WriteScene()
        let path = "orgs/acme/budgets/team"
        let etag = try #require(it.call("GET", path).headers["etag"])
        let body = #"{"spec":{"for":{"organization":true},"hard":"7 USD/month"}}"#
        #expect(try it.call("PUT", path, body, as: "ada", ["If-Match": #""other""#]).status == 412)
        #expect(try it.call("PUT", path, body, as: "ada", ["If-None-Match": "*"]).status == 412)
        #expect(try it.call("PUT", Self.project, #"{"spec":{"displayName":"S"}}"#, as: "ada", ["If-Match": "*"]).status == 412)
        #expect(try it.sql("SELECT count(*) FROM charter.change_request") == ["0"])
        // What a colleague pushed and nobody has applied yet is not what the caller saw.
        try it.repository.commit([WriteScene.budget: WriteScene.budgetText.replacing("100 USD", with: "150 USD")])
        let raced = Background { () -> (status: Int, text: String) in
            let answer = try it.call("PUT", path, body, as: "ada", ["If-Match": etag])
            return (answer.status, answer.text)
        }
        try eventually(within: .seconds(60), "the change is asked for") { try it.sql("SELECT count(*) FROM charter.change_request") == ["1"] }
        try it.startWatch()
        let refused = try raced.value()
        #expect(refused.status == 412 && refused.text.contains("changed meanwhile"), "\(refused.text) \(it.trouble)")
        #expect(try it.file(WriteScene.budget).contains("150 USD"))
        try eventually(within: .seconds(60), "the push is applied") { try it.call("GET", path).text.contains("150 USD") }
        let fresh = try #require(it.call("GET", path).headers["etag"])
        let done = try it.call("PUT", path, body, as: "ada", ["If-Match": fresh])
        #expect(done.status == 200, "\(done.text) \(it.trouble)")
        let made = try it.call("PUT", Self.project, #"{"spec":{"displayName":"S"}}"#, as: "ada", ["If-None-Match": "*"])
        #expect(made.status == 201, "\(made.text) \(it.trouble)")
    }

    @Test func `a patch of what is not there takes nothing away that a commit has put there meanwhile`() throws {
        let it = try WriteScene()
        let labelled = WriteScene.budgetText.replacing("{ name: team }", with: "{ name: team, labels: { tier: gold } }")
        try it.repository.commit([WriteScene.budget: labelled])
        let raced = Background { () -> (status: Int, text: String) in
            let answer = try it.call("PATCH", "orgs/acme/budgets/team", #"{"labels":{"team":"core"}}"#)
            return (answer.status, answer.text)
        }
        try eventually(within: .seconds(60), "the change is asked for") { try it.sql("SELECT count(*) FROM charter.change_request") == ["1"] }
        try it.startWatch()
        let refused = try raced.value()
        #expect(refused.status == 412 && refused.text.contains("changed meanwhile"), "\(refused.text) \(it.trouble)")
        #expect(try it.file(WriteScene.budget) == labelled)
    }

    @Test func `a repeated call is one change, also where its own change made its condition untrue, and another call with the key is 409`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let body = #"{"spec":{"displayName":"Search"}}"#
        let headers = ["Idempotency-Key": "k", "If-None-Match": "*"]
        let first = try it.call("PUT", Self.project, body, as: "ada", headers)
        #expect(first.status == 201, "\(first.text) \(it.trouble)")
        let again = try it.call("PUT", Self.project, body, as: "ada", headers)
        #expect(again.status == 200 && again.change["id"] as? String == first.change["id"] as? String, "\(again.text)")
        #expect(try it.repository.git("rev-list", "--count", "main") == "2")
        #expect(try it.call("PUT", Self.project, #"{"spec":{"displayName":"Other"}}"#, as: "ada", headers).status == 409)
        #expect(try it.call("DELETE", Self.project, nil, as: "ada", ["Idempotency-Key": "k"]).status == 409)
        // A key is one caller's.
        let other = try it.call("PUT", Self.project, body, as: "root", ["Idempotency-Key": "k"])
        #expect(other.status == 200 && other.change["id"] as? String != first.change["id"] as? String, "\(other.text) \(it.trouble)")
    }

    @Test func `whoever may not is refused, a developer proposes, and so does a key that carries less than its owner has`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let body = #"{"spec":{"displayName":"Search"}}"#
        #expect(try it.call("PUT", Self.project, body, as: "vi").status == 403)
        #expect(try it.call("PUT", "orgs/acme", #"{"spec":{"displayName":"A"}}"#, as: "ada").status == 403)
        let (foreign, missing) = (try it.call("PUT", "orgs/globex/projects/search", body, as: "bo"), try it.call("GET", "orgs/acme/projects/no", as: "ada"))
        #expect(foreign.status == 404 && foreign.json["detail"] as? String == missing.json["detail"] as? String)
        for member in ["bo", "half"] {
            let proposed = try it.call("PUT", Self.project, body, as: member)
            #expect(proposed.status == 202 && proposed.change["state"] as? String == "proposed", "\(member): \(proposed.text) \(it.trouble)")
            #expect(proposed.change["branch"] is String)
        }
        #expect(try it.repository.git("rev-list", "--count", "main") == "1")
        #expect(try it.sql("SELECT count(*) FROM charter.resource WHERE kind = 'Project'") == ["0"])
        // A proposer sees its own change, and learns of the resource nothing that it may not read.
        let patched = try it.call("PATCH", "orgs/acme/budgets/team", #"{"spec":{"hard":"5 USD/month"}}"#, as: "bo")
        #expect(patched.status == 202 && !patched.text.contains("100 USD"), "\(patched.text)")
        #expect(try it.call("GET", "changes/\(patched.change["id"] as? String ?? "")", as: "bo").status == 200)
    }

    @Test func `what is wrong is told with its place in the body, or in the repository`() throws {
        let it = try WriteScene()
        for (body, part) in [
            (#"{"spec":{"nonsense":1,"displayName":"x"}}"#, "/spec: unknown field `nonsense`"), (#"{"spec":{},"name":"x"}"#, "/: unknown field `name`"),
        ] {
            let refused = try it.call("PUT", Self.project, body)
            #expect(refused.status == 422 && (refused.json["detail"] as? String)?.contains(part) == true, "\(refused.text)")
        }
        #expect(try it.call("PUT", Self.project, "[]").status == 422)
        #expect(try it.call("PUT", Self.project, String(repeating: #"{"spec":"#, count: 4000)).status == 400)
        #expect(try it.call("PATCH", "orgs/acme/budgets/team", "{}").status == 422)
        #expect(try it.call("PATCH", Self.project, "{}").status == 404)
        #expect(try it.call("DELETE", Self.project).status == 404)
        #expect(try it.call("PUT", "orgs/acme/projects/No+Name", #"{"spec":{"displayName":"x"}}"#).status == 404)
        #expect(try it.sql("SELECT count(*) FROM charter.change_request") == ["0"])
        try it.startWatch()
        let dangling = try it.call("PUT", "orgs/acme/budgets/other", #"{"spec":{"for":{"project":"nowhere"},"hard":"1 USD/day"}}"#)
        #expect(dangling.status == 422, "\(dangling.text) \(it.trouble)")
        #expect((dangling.json["detail"] as? String)?.hasPrefix("orgs/acme/budgets/other.yaml:") == true, "\(dangling.text)")
        #expect(try it.repository.git("rev-list", "--count", "main") == "1")
    }

    @Test func `an organization is declared by whoever runs the platform, in its own unit, and goes with everything`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let made = try it.call("PUT", "orgs/globex", #"{"spec":{"displayName":"Globex"}}"#, as: "root")
        #expect(made.status == 201 && made.change["unit"] as? String == "default", "\(made.text) \(it.trouble)")
        let project = try it.call("PUT", "orgs/globex/projects/p", #"{"spec":{"displayName":"P"}}"#, as: "root")
        #expect(project.status == 201 && project.change["org"] as? String == "globex", "\(project.text) \(it.trouble)")
        #expect(try it.call("DELETE", "orgs/globex", as: "root").status == 409)
        #expect(try it.call("DELETE", "orgs/globex?everything=yes", as: "root").status == 400)
        let gone = try it.call("DELETE", "orgs/globex?everything=true", as: "root")
        #expect(gone.status == 200, "\(gone.text) \(it.trouble)")
        #expect(try it.sql("SELECT count(*) FROM charter.resource WHERE org = 'globex'") == ["0"])
    }

    @Test func `a change goes to the unit that declares the organization`() throws {
        let it = try WriteScene(patience: .zero)
        let globex = try TestRepository()
        try globex.commit(["orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { displayName: Globex }\n"])
        try globex.apply(to: it.database, unit: "team")
        let theirs = try it.call("PUT", "orgs/globex/projects/p", #"{"spec":{"displayName":"P"}}"#, as: "root")
        #expect(theirs.status == 202 && theirs.change["unit"] as? String == "team", "\(theirs.text)")
        let own = try it.call("PUT", Self.project, #"{"spec":{"displayName":"Search"}}"#)
        #expect(own.change["unit"] as? String == "default", "\(own.text)")
        let new = try it.call("PUT", "orgs/initech", #"{"spec":{"displayName":"Initech"}}"#, as: "root")
        #expect(new.change["unit"] as? String == "default", "\(new.text)")
    }
}
