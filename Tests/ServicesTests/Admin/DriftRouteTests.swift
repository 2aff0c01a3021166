import HTTP
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// What the admin API does about drift.
struct DriftRouteTests {
    private let scene: AdminScene
    private let admin = AdminScene.secret("acme", "admin")

    init() throws {
        scene = try AdminScene()
        try scene.find(in: [
            ("acme/Budget/team", "/spec/hard"), ("acme/Budget/team", "/spec/soft"), ("globex/Budget/team", "/spec/hard"), ("-/Scope/chat", "/spec/x"),
        ])
    }

    private func fields(_ answer: AdminAnswer) -> [String] {
        answer.items.map { "\($0["resource"] as? String ?? "")\($0["field"] as? String ?? "")" }.sorted()
    }

    private func states() throws -> [String] {
        try scene.sql("SELECT resource || ' ' || state || coalesce(' ' || revert_asked_by, '') FROM charter.drift_finding ORDER BY resource, field")
    }

    @Test func `an organization's findings are listed for it, and all of them for the platform`() throws {
        let own = try scene.call(.get, "/v1/admin/orgs/acme/drift", as: admin)
        #expect(fields(own) == ["acme/Budget/team/spec/hard", "acme/Budget/team/spec/soft"], "\(own.text)")
        #expect(!own.text.contains("globex"))
        let all = try scene.callLocally(.get, "/v1/admin/drift/findings")
        #expect(all.items.count == 4)
        #expect(try scene.call(.get, "/v1/admin/drift/findings", as: admin).status == 403)
    }

    @Test func `findings are read page by page and by state`() throws {
        var (names, cursor): ([String], String?) = ([], nil)
        repeat {
            let page = try scene.call(
                .get, "/v1/admin/orgs/acme/drift", as: admin, query: "state=open&limit=1" + (cursor.map { "&cursor=\($0)" } ?? ""))
            #expect(page.items.count == 1)
            names += fields(page)
            cursor = page.json["next"] as? String
        } while cursor != nil
        #expect(names.sorted() == ["acme/Budget/team/spec/hard", "acme/Budget/team/spec/soft"])
        for state in ["tolerated", "adopted", "reverted", "gone"] {
            #expect(try scene.call(.get, "/v1/admin/orgs/acme/drift", as: admin, query: "state=\(state)").items.isEmpty)
        }
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/drift", as: admin, query: "state=all").items.count == 2)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/drift", as: admin, query: "state=nonsense").status == 400)
    }

    @Test func `each finding has the members that the description promises`() throws {
        let answer = try scene.call(.get, "/v1/admin/orgs/acme/drift", as: admin)
        guard case .members(let members) = DriftFinding.shape else { throw StreamCall.Failure(call: "shape") }
        for item in answer.items { #expect(Set(item.keys) == Set(members.map(\.name))) }
    }

    @Test func `a revert is asked in the caller's name, of one subject or of all that the organization has`() throws {
        let one = try scene.call(.post, "/v1/admin/orgs/acme/drift/revert", as: admin, body: ##"{"subject":"acme/Budget/team#/spec/hard"}"##)
        #expect(one.status == 200 && one.json["count"] as? Int == 1, "\(one.text)")
        let all = try scene.call(.post, "/v1/admin/orgs/acme/drift/revert", as: admin, body: #"{"all":true}"#)
        #expect(all.json["count"] as? Int == 2)
        #expect(
            try states() == ["-/Scope/chat open", "acme/Budget/team open acme/admin", "acme/Budget/team open acme/admin", "globex/Budget/team open"])
        let acts = try scene.call(.get, "/v1/admin/orgs/acme/audit", as: admin)
        #expect(acts.items.compactMap { $0["action"] as? String } == ["drift.revert_asked", "drift.revert_asked"])
    }

    @Test(arguments: [
        ("revert", "{}", 422), ("revert", #"{"all":true,"subject":"acme/Budget/team"}"#, 422), ("revert", #"{"all":false}"#, 422),
        ("revert", #"{"subject":"acme"}"#, 400), ("tolerate", #"{"subject":"acme/Budget/team","reason":"x"}"#, 422),
        ("tolerate", #"{"subject":"acme/Budget/team","for_seconds":60}"#, 422),
        ("tolerate", #"{"subject":"acme/Budget/team","reason":"x","for_seconds":0}"#, 422),
        ("tolerate", #"{"subject":"acme/Budget/team","reason":"x","for_seconds":60,"until":"2030-01-01T00:00:00Z"}"#, 422),
        ("tolerate", #"{"subject":"acme/Budget/team","reason":"x","until":"tomorrow"}"#, 422),
        ("tolerate", #"{"subject":"acme/Budget/team","reason":"x","until":"2001-01-01T00:00:00Z"}"#, 409),
    ])
    func `what cannot be meant is refused and changes nothing`(act: String, body: String, status: Int) throws {
        let before = try states()
        let answer = try scene.call(.post, "/v1/admin/orgs/acme/drift/\(act)", as: admin, body: body)
        #expect(answer.status == status, "\(answer.text)")
        #expect(try states() == before)
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action LIKE 'drift.%'") == ["0"])
    }

    @Test func `a toleration stands with who said so, and another organization's finding is like none`() throws {
        func tolerate(_ subject: String) throws -> AdminAnswer {
            try scene.call(
                .post, "/v1/admin/orgs/acme/drift/tolerate", as: admin, body: ##"{"subject":"\##(subject)","reason":"the night","for_seconds":600}"##)
        }
        #expect(try tolerate("acme/Budget/team#/spec/hard").status == 200)
        let foreign = try tolerate("globex/Budget/team")
        let missing = try tolerate("globex/Budget/none")
        #expect(foreign.status == 404 && foreign.body == missing.body)
        let tolerated = try scene.call(.get, "/v1/admin/orgs/acme/drift", as: admin, query: "state=tolerated")
        #expect((tolerated.items.first?["tolerated"] as? [String: Any])?["by"] as? String == "acme/admin", "\(tolerated.text)")
        #expect(try states().filter { $0.contains("tolerated") } == ["acme/Budget/team tolerated"])
    }

    @Test(arguments: ["viewer", "analyst", "developer", "finance", "security", "org-admin"])
    func `whoever may not set rules aside may not act on drift either`(role: String) throws {
        for (act, body) in [("revert", #"{"all":true}"#), ("tolerate", #"{"subject":"acme/Budget/team","reason":"x","for_seconds":60}"#)] {
            let answer = try scene.call(.post, "/v1/admin/orgs/acme/drift/\(act)", as: AdminScene.secret("acme", role), body: body)
            #expect(answer.status == 403, "\(role): \(answer.text)")
        }
        #expect(try states().allSatisfy { $0.hasSuffix(" open") })
    }

    @Test func `adoption is for members who may propose, and another organization's finding is like none`() throws {
        func adopt(_ subject: String, as secret: String) throws -> AdminAnswer {
            try scene.call(.post, "/v1/admin/orgs/acme/drift/adopt", as: secret, body: #"{"subject":"\#(subject)"}"#)
        }
        let foreign = try adopt("globex/Budget/team", as: admin)
        let missing = try adopt("globex/Budget/none", as: admin)
        #expect(foreign.status == 404 && foreign.body == missing.body, "\(foreign.text)")
        for role in ["viewer", "analyst"] { #expect(try adopt("acme/Budget/team", as: AdminScene.secret("acme", role)).status == 403) }
        #expect(try scene.call(.post, "/v1/admin/orgs/acme/drift/adopt", as: admin, body: "{}").status == 422)
        let local = try scene.callLocally(.post, "/v1/admin/drift/adopt", body: #"{"all":true}"#)
        #expect(local.status == 403 && local.text.contains("member"), "\(local.text)")
        #expect(try scene.sql("SELECT count(*) FROM charter.change_request") == ["0"])
    }
}
