import Foundation
import HTTP
import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// How calls are read and answered.
struct AdminAPITests {
    private let scene: AdminScene
    private let admin = AdminScene.secret("acme", "admin")

    init() throws { scene = try AdminScene() }

    @Test(arguments: [nil, "sk_test_unknown", "", "x.y.z", "Bearer"])
    func `whoever is not known is told nothing but that`(secret: String?) throws {
        for path in ["/v1/admin/orgs", "/openapi.json", "/nothing", "/v1/admin/orgs/acme/keys"] {
            let answer = try scene.call(.get, path, as: secret)
            #expect(answer.status == 401 && answer.contentType == "application/problem+json")
            #expect(answer.headers["www-authenticate"] == "Bearer" && answer.json["code"] as? String == "unauthenticated")
        }
    }

    @Test func `a path that is not there is 404, another method 405 with those that are`() throws {
        #expect(try scene.call(.get, "/v1/admin/nothing", as: admin).status == 404)
        #expect(try scene.call(.get, "/v1/admin/orgs/", as: admin).status == 404)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme%2Fkeys", as: admin).status == 404)
        let wrong = try scene.call(.put, "/v1/admin/orgs/acme/keys", as: admin)
        #expect(wrong.status == 405 && wrong.headers["allow"] == "GET, POST, HEAD")
    }

    @Test(arguments: ["page=1", "limit=0", "limit=201", "limit=x", "limit=1&limit=2", "cursor=zz", "cursor=00", "limit=%", "limit=%00"])
    func `a query that is not understood is refused`(query: String) throws {
        #expect(try scene.call(.get, "/v1/admin/orgs", as: admin, query: query).status == 400)
    }

    @Test(arguments: [
        ("", 400), ("[]", 422), ("{", 400), (#"{"pool":7}"#, 422), (#"{}"#, 422), (#"{"pool":"ci","org":"globex"}"#, 422),
        (#"{"pool":"ci","pool":"ci"}"#, 400), (#"{"pool":"ci","scopes":"chat"}"#, 422), (#"{"pool":"ci","lifetime_seconds":-1}"#, 422),
        (#"{"pool":"ci\u0000"}"#, 422), (#"{"pool":"other"}"#, 409),
    ])
    func `a body has the fields of its call and no others`(body: String, status: Int) throws {
        let answer = try scene.call(.post, "/v1/admin/orgs/acme/keys", as: admin, body: body)
        #expect(answer.status == status, "\(answer.text)")
        #expect(try scene.sql("SELECT count(*) FROM charter.delegated_key") == ["0"])
    }

    @Test func `a list is read page by page, and what is added meanwhile repeats nothing`() throws {
        var names: [String] = []
        var cursor: String?
        repeat {
            let answer = try scene.call(
                .get, "/v1/admin/orgs/acme/members", as: admin, query: "limit=3" + (cursor.map { "&cursor=\($0)" } ?? ""))
            #expect(answer.status == 200 && answer.items.count <= 3)
            names += answer.items.compactMap { $0["name"] as? String }
            cursor = answer.json["next"] as? String
        } while cursor != nil
        #expect(names == AdminScene.roles.sorted())
        let other = try scene.call(.get, "/v1/admin/orgs/acme/members", as: admin, query: "limit=1").json["next"] as? String
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/projects", as: admin, query: "cursor=\(other ?? "")").status == 400)
    }

    @Test func `a key is minted, listed behind the declared ones, and ended, without its secret anywhere`() throws {
        let minted = try scene.call(.post, "/v1/admin/orgs/acme/keys", as: admin, body: #"{"pool":"ci","lifetime_seconds":600}"#)
        #expect(minted.status == 201, "\(minted.text)")
        let (uid, secret) = (try #require(minted.json["uid"] as? String), try #require(minted.json["secret"] as? String))
        let keys = try scene.call(.get, "/v1/admin/orgs/acme/keys", as: admin)
        #expect(keys.items.map { $0["source"] as? String } == AdminScene.roles.map { _ in "declared" } + ["minted"])
        #expect(!keys.text.contains(secret) && !keys.text.contains("sha256"))
        var paged: [String] = []
        var cursor: String?
        repeat {
            let page = try scene.call(.get, "/v1/admin/orgs/acme/keys", as: admin, query: "limit=4" + (cursor.map { "&cursor=\($0)" } ?? ""))
            paged += page.items.compactMap { $0["uid"] as? String }
            cursor = page.json["next"] as? String
        } while cursor != nil
        #expect(paged == keys.items.compactMap { $0["uid"] as? String })
        let one = try scene.call(.get, "/v1/admin/orgs/acme/keys/\(uid)", as: admin)
        let etag = try #require(one.headers["etag"])
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/keys/\(uid)", as: admin, headers: ["if-none-match": etag]).status == 304)
        #expect(try scene.call(.delete, "/v1/admin/orgs/acme/keys/\(uid)", as: admin, headers: ["if-match": "\"other\""]).status == 412)
        // What stands twice is not what does not stand.
        var matches: Headers = ["if-match": "\"other\""]
        matches.add("if-match", "\"another\"")
        #expect(try scene.call(.delete, "/v1/admin/orgs/acme/keys/\(uid)", as: admin, headers: matches).status == 412)
        var twice: Headers = ["idempotency-key": "a"]
        twice.add("idempotency-key", "b")
        for (path, body) in [("keys", #"{"pool":"ci"}"#), ("drift/adopt", #"{"all":true}"#), ("budgets/budget/team/reset", #"{"reason":"r"}"#)] {
            let refused = try scene.call(.post, "/v1/admin/orgs/acme/\(path)", as: admin, body: body, headers: twice)
            #expect(refused.status == 400 && refused.text.contains("Idempotency-Key"), "\(path): \(refused.text)")
        }
        #expect(try scene.call(.delete, "/v1/admin/orgs/acme/keys/\(uid)", as: admin, headers: ["if-match": "\"other\", \(etag)"]).status == 200)
        #expect(try scene.call(.delete, "/v1/admin/orgs/acme/keys/\(uid)", as: admin).status == 409)
        // One that is declared goes by a commit, which nobody makes here.
        #expect(try scene.call(.delete, "/v1/admin/orgs/acme/keys/viewer", as: admin).status == 202)
        let acts = try scene.call(.get, "/v1/admin/orgs/acme/audit", as: admin)
        #expect(acts.items.compactMap { $0["action"] as? String } == ["change.asked", "key.revoked", "key.minted"])
        #expect(acts.items.compactMap { $0["actor"] as? String } == Array(repeating: "acme/admin", count: 3))
        #expect(!acts.text.contains(secret))
    }

    @Test func `a minted key is denied and ended by its name, in its own organization, while it lives`() throws {
        let connection = try Connection(scene.database)
        let other = AdminScene.secret("globex", "admin")
        #expect(try scene.call(.post, "/v1/admin/orgs/acme/keys", as: admin, body: #"{"pool":"ci","name":"nightly"}"#).status == 201)
        func deny(_ org: String, as secret: String) throws -> AdminAnswer {
            let body = #"{"target":"key/\#(org)/nightly","deny":true,"until":"1h","reason":"leaked"}"#
            return try scene.call(.post, "/v1/admin/orgs/\(org)/overrides", as: secret, body: body)
        }
        let denied = try deny("acme", as: admin)
        #expect(denied.status == 201 && denied.json["resource"] as? String == "acme/APIKey/nightly", "\(denied.text)")
        #expect(try deny("globex", as: other).status == 404)
        func revoke(_ key: String) throws -> String { try RevokeRequest(key: key, actor: "test", reason: nil).run(connection) }
        for missing in ["globex/nightly", "acme/daily", "acme/viewer"] { #expect(throws: RequestRefusal.self) { try revoke(missing) } }
        #expect(try revoke("acme/nightly").contains("acme/nightly is revoked"))
        #expect(throws: RequestRefusal.self) { try revoke("acme/nightly") }
    }

    @Test func `budgets, usage, status, drift and revisions are told`() throws {
        let budgets = try scene.call(.get, "/v1/admin/orgs/acme/budgets", as: admin)
        #expect(budgets.status == 200 && budgets.text.contains("acme/Budget/team"))
        let usage = try scene.call(.get, "/v1/admin/orgs/acme/usage", as: admin, query: "by=project,model&from=7d")
        #expect(usage.status == 200 && usage.json["total"] != nil, "\(usage.text)")
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/usage", as: admin, query: "by=nonsense").status == 400)
        for path in ["status", "plans", "drift", "revisions", "revisions/1", "audit", "models", "routes"] {
            let answer = try scene.callLocally(.get, "/v1/admin/\(path)")
            #expect(answer.status == 200, "\(path): \(answer.text)")
        }
        #expect(try scene.callLocally(.get, "/v1/admin/revisions/x").status == 404)
    }

    @Test func `the document has each route that is served, and nothing else`() throws {
        let document = try scene.call(.get, "/openapi.json", as: admin)
        #expect(document.json["openapi"] as? String == "3.1.0")
        let components = document.json["components"] as? [String: [String: Any]]
        let proofs = Set((components?["securitySchemes"] ?? [:]).keys)
        #expect(proofs == ["bearer", "named", "password"])
        let pages = (document.json["paths"] as? [String: [String: [String: Any]]] ?? [:]).filter { $0.value.values.contains { $0["security"] != nil } }
        #expect(!pages.isEmpty && pages.keys.allSatisfy { $0.hasPrefix("/admin/") }, "a browser's password opens pages alone: \(pages.keys)")
        let paths = try #require(document.json["paths"] as? [String: [String: Any]])
        let described = paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
        #expect(Set(described) == Set(AdminTable.all.routes.map { "\($0.method) \($0.template.text)" }))
        #expect(described.count == AdminTable.all.routes.count)
        let names = AdminTable.all.routes.map(\.name)
        #expect(Set(names).count == names.count)
        for route in AdminTable.all.routes where route.scope == .organization {
            #expect(route.template.names.contains("org") && route.permission != nil, "\(route.name)")
        }
    }

    @Test func `the document has the fields of the head that each route heeds, and of the answers' heads`() throws {
        let document = try scene.call(.get, "/openapi.json", as: admin)
        let paths = try #require(document.json["paths"] as? [String: [String: [String: Any]]])
        for route in AdminTable.all.routes {
            let operation = try #require(paths[route.template.text]?["\(route.method)".lowercased()])
            let parameters = (operation["parameters"] as? [[String: Any]] ?? []).filter { $0["in"] as? String == "header" }
            #expect(Set(parameters.compactMap { $0["name"] as? String }) == Set(RequestField.allCases.filter(route.heeds).map(\.rawValue)), "\(route.name)")
            let answers = try #require(operation["responses"] as? [String: [String: Any]])
            #expect((answers["304"] != nil) == (route.method == .get), "\(route.name)")
            for (status, answer) in answers where status.hasPrefix("2") {
                let headers = try #require(answer["headers"] as? [String: Any])
                #expect((headers["ETag"] != nil) == (route.method == .get) && (headers["Location"] != nil) == route.locates, "\(route.name)")
            }
            // What asks for a change is done once, and says where it is followed.
            let becomesChange = Set([.configPropose, .configWrite, .keysRevoke] as [Permission]).contains(route.permission ?? .statusRead)
            #expect(!becomesChange || route.locates && route.heeds(.idempotencyKey), "\(route.name)")
        }
        let responses = try #require((document.json["components"] as? [String: Any])?["responses"] as? [String: [String: Any]])
        for (form, response) in responses { #expect((response["headers"] as? [String: Any])?["Retry-After"] != nil, "\(form)") }
    }

    @Test func `every route heeds the fields that it declares, and refuses conditions that it does not`() throws {
        let scene = try MatrixScene()
        for route in AdminTable.all.routes {
            let path = route.path(in: "acme", naming: "own")
            for field in [RequestField.ifMatch, .ifNoneMatch] where !route.heeds(field) {
                var headers: Headers = [:]
                headers.add(named: field.name, "*")
                let answer = try scene.call(route, path, as: nil, user: 0, headers: headers)
                #expect(answer.status == 400 && answer.text.contains(field.rawValue), "\(route.name): \(answer.text)")
            }
            var twice: Headers = [:]
            for key in ["a", "b"] { twice.add(named: RequestField.idempotencyKey.name, key) }
            let kept = try scene.call(route, path, as: nil, user: 0, headers: twice)
            #expect(kept.text.contains("Idempotency-Key stands once") == route.heeds(.idempotencyKey), "\(route.name): \(kept.text)")
        }
    }

    @Test func `what a caller knows already is not sent again, by any of its tags`() throws {
        let path = "/v1/admin/orgs/acme"
        let etag = try #require(scene.call(.get, path, as: admin).headers["etag"])
        for known in [etag, "W/\(etag)", "\"other\", \(etag)", "*"] {
            let answer = try scene.call(.get, path, as: admin, headers: ["if-none-match": known])
            #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["etag"] == etag, "\(known)")
        }
        for other in ["\"other\"", "", String(etag.dropLast())] {
            #expect(try scene.call(.get, path, as: admin, headers: ["if-none-match": other]).status == 200, "\(other)")
        }
    }

    @Test func `all that is wrong with a body is told at once, each with its place`() throws {
        let answer = try scene.call(
            .post, "/v1/admin/orgs/acme/keys", as: admin, body: #"{"po/ol":1,"name":"","lifetime_seconds":9223372036854775808,"scopes":[{}]}"#)
        let errors = try #require(answer.json["errors"] as? [[String: String]], "\(answer.text)")
        #expect(answer.status == 422 && answer.json["code"] as? String == "invalid_body")
        #expect(errors.map { $0["pointer"] } == ["/po~1ol", "/name", "/lifetime_seconds", "/scopes", "/pool"], "\(answer.text)")
        for error in errors { #expect((answer.json["detail"] as? String)?.contains(error["detail"] ?? "-") == true, "\(answer.text)") }
        let declared = try scene.call(.put, "/v1/admin/orgs/acme/projects/p", as: admin, body: #"{"spec":{"displayName":7,"nonsense":1}}"#)
        #expect(declared.status == 422 && (declared.json["errors"] as? [Any])?.isEmpty == false, "\(declared.text)")
        #expect(try scene.call(.get, "/v1/admin/orgs/none", as: admin).json["errors"] as? [String] == [])
    }

    @Test func `more lines of usage than an answer may have are refused with what to ask instead`() throws {
        let connection = try Connection(scene.database)
        try connection.transaction { transaction in
            _ = try transaction.query(
                """
                INSERT INTO charter.usage_day SELECT gen_random_uuid(), '2026-01-05T00:00:00Z', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
                    'p/m', '', 'chat.completions', gen_random_uuid(), '{}', 'acme', 'search', 'admin', 'k' || n, 1, 1, 2, 1, 1, 0, 0, 0, 5, 0, 0, 0
                FROM generate_series(1, 3) n
                """)
        }
        func ask(linesMax: Int) throws -> UsageListing {
            try connection.transaction { transaction in
                var request = try UsageRequest(from: "2026-01-05", to: "2026-01-06", zone: nil, by: "key", now: transaction.clock())
                request.linesMax = linesMax
                return try request.run(transaction)
            }
        }
        #expect(try ask(linesMax: 3).groups.count == 3)
        let refusal = #expect(throws: RequestRefusal.self) { try ask(linesMax: 2) }
        #expect(refusal?.reason == .misworded && refusal?.hint?.contains("shorter period") == true)
    }

    @Test func `a question that PostgreSQL gives up is 503 with what to do, and so is a database of another version`() throws {
        let request = AdminRequest(method: .get, path: "/v1/admin/orgs", headers: ["authorization": "Bearer \(admin)"], id: "r")
        let late = scene.api.answer(request) { throw DatabaseError(.queryCanceled, "canceling statement due to statement timeout") }
        #expect(late.status == 503 && late.text.contains("ask for less"))
        let behind = scene.api.answer(request) { throw SchemaMismatch.behind(version: 1, wanted: 2) }
        #expect(behind.status == 503 && !behind.text.contains("migrate"))
    }

    @Test func `what the database does not answer is 503, and no more is told`() throws {
        let request = AdminRequest(method: .get, path: "/v1/admin/orgs", headers: ["authorization": "Bearer \(admin)"], id: "r")
        let answer = scene.api.answer(request) { throw DatabaseErrorSample.lost }
        #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
    }
}
