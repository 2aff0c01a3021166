import Crypto
import Foundation
import Spec
import TestKit
import Testing

@testable import Services

/// `/api/v1/api-keys` from the first key to the last, over a socket, through commits.
struct PlatformKeyTests {
    private static let path = "/api/v1/api-keys"

    @Test func `a key is created, read, changed, revoked and deleted, each time by a commit in the caller's name`() throws {
        let scene = try CompatibleScene()
        let created = try scene.change(
            "POST", Self.path, #"{"name":"Production Key","permissions":["chat"],"rateLimit":60,"expiresAt":"2031-01-01"}"#)
        let secret = try #require(created["key"] as? String)
        #expect(created["id"] as? String == "production-key" && created["rateLimit"] as? Int == 60)
        #expect((created["uid"] as? String != nil) == (created.status == 201))
        let canonical = try #require(try scene.canonical(.apiKey, "production-key"))
        #expect(canonical.contains(SHA256.digest(secret).hex) && canonical.contains("60 requests/min"))
        #expect(try scene.repository.git("log", "-1", "--format=%an", "main") == "ada")
        #expect(try !scene.repository.git("log", "-p", "main").contains(secret))

        let listed = try scene.call("GET", Self.path)
        let names = (listed.json["apiKeys"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
        #expect(names == ["ada", "pia", "production-key", "rex", "root", "sys", "vi"] && !listed.text.contains(secret), "\(listed.text)")
        let byName = try scene.call("GET", Self.path + "/production-key")
        let byUID = try scene.call("GET", Self.path + "/\(try scene.uid(.apiKey, "production-key"))")
        #expect(byName.status == 200 && byName.text == byUID.text)
        #expect(byName["name"] as? String == "Production Key" && byName["status"] as? String == "active")
        #expect(byName["expiresAt"] as? String == "2031-01-01T00:00:00Z" && byName["userId"] as? String == "ada")

        _ = try scene.change("PUT", Self.path + "/production-key", #"{"name":"Checkout","rateLimit":120}"#)
        let changed = try scene.call("GET", Self.path + "/production-key")
        #expect(changed["rateLimit"] as? Int == 120 && changed["name"] as? String == "Checkout")
        _ = try scene.change("POST", Self.path + "/production-key/revoke", "{}")
        #expect(try scene.call("GET", Self.path + "/production-key")["status"] as? String == "revoked")
        #expect(try scene.canonical(.apiKey, "production-key")?.contains("sha256") == false)
        _ = try scene.change("DELETE", Self.path + "/production-key")
        #expect(try scene.call("GET", Self.path + "/production-key").status == 404)
    }

    @Test func `the same call with the same Idempotency-Key makes one key and tells its secret once`() throws {
        let scene = try CompatibleScene()
        let body = #"{"name":"Build","permissions":["chat"]}"#
        _ = try scene.change("POST", Self.path, body, headers: ["Idempotency-Key": "k"])
        let again = try scene.call("POST", Self.path, body, headers: ["Idempotency-Key": "k"])
        #expect(again.status == 409 && again["error.code"] as? String == "conflict", "\(again.text)")
        #expect(try scene.sql("SELECT count(*) FROM charter.change_request") == ["1"])
    }

    @Test func `without a reconciler the answer is where to look, and the key is there already`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let answer = try scene.call("POST", Self.path, #"{"name":"Later","permissions":["chat"]}"#)
        #expect(answer.status == 202 && answer.headers["location"]?.hasPrefix("/v1/admin/changes/") == true, "\(answer.text)")
        #expect(answer["key"] is String && answer["uid"] is NSNull)
    }

    @Test func `If-Match of another state changes nothing, and a repeated change is answered with its first`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let calls = [("PUT", "/vi", #"{"rateLimit":5}"#), ("POST", "/vi/revoke", "{}"), ("DELETE", "/vi", nil)]
        for (method, path, body) in calls {
            let refused = try scene.call(method, Self.path + path, body, headers: ["If-Match": #""other""#])
            #expect(refused.status == 412 && refused["error.code"] as? String == "changed_meanwhile", "\(method): \(refused.text)")
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.change_request") == ["0"])
        let etag = try #require(try scene.call("GET", Self.path + "/vi").headers["etag"])
        let headers = ["If-Match": etag, "Idempotency-Key": "k"]
        let first = try scene.call("PUT", Self.path + "/vi", #"{"rateLimit":5}"#, headers: headers)
        #expect(first.status == 202, "\(first.text)")
        // As if it were enforced: the condition is untrue by its own change.
        _ = try scene.sql("UPDATE charter.resource SET revision = revision + 1, canonical = replace(canonical, '\"owner\":\"vi\"', '\"description\":\"x\",\"owner\":\"vi\"') WHERE kind = 'APIKey' AND name = 'vi'")
        let again = try scene.call("PUT", Self.path + "/vi", #"{"rateLimit":5}"#, headers: headers)
        #expect(again.status == 202 && again.headers["location"] == first.headers["location"], "\(again.text)")
        #expect(try scene.call("PUT", Self.path + "/vi", #"{"rateLimit":5}"#, headers: ["If-Match": etag]).status == 412)
    }

    @Test func `whoever may change and end keys and not read them is told nothing of them`() throws {
        let scene = try CompatibleScene(isWatched: false)
        for (method, path, body) in [("PUT", "/vi", #"{"rateLimit":5}"#), ("POST", "/vi/revoke", "{}")] {
            // The second answer is that of a repeated call.
            for _ in 0..<2 {
                let answer = try scene.call(method, Self.path + path, as: .pia, body, headers: ["Idempotency-Key": path])
                #expect(answer.status == 202 && answer["id"] as? String == "vi", "\(answer.text)")
                #expect(answer.json.count == 9 && answer.json.values.count { $0 is NSNull } == 8, "\(answer.text)")
            }
            let told = try scene.call(method, Self.path + path, as: .ada, body)
            #expect(told.status == 202 && told["userId"] as? String == "vi" && told["status"] is String, "\(told.text)")
        }
        let toggled = try scene.call("POST", "/api/keys/vi/toggle", as: .pia)
        #expect(toggled.status == 202 && toggled["name"] is NSNull && toggled["is_active"] as? Bool == false, "\(toggled.text)")
    }

    @Test func `usage is told in all, by day, by user and by key`() throws {
        let scene = try CompatibleScene(isWatched: false)
        try scene.book("ada", statuses: [200, 502])
        let summary = try scene.call("GET", Self.path + "/usage/summary")
        #expect(summary["requests"] as? Int == 2 && summary["errors"] as? Int == 1 && summary["tokens"] as? Int == 30, "\(summary.text)")
        #expect(summary["cost"] as? Double == 0.003 && summary["previous.requests"] as? Int == 0)
        for (list, member, value) in [("by-user", "users", "userId"), ("by-key", "keys", "keyId"), ("daily", "days", "date")] {
            let answer = try scene.call("GET", Self.path + "/usage/\(list)")
            let items = answer.json[member] as? [[String: Any]]
            #expect(items?.count == 1 && items?[0]["requests"] as? Int == 2 && items?[0][value] is String, "\(answer.text)")
        }
        let foreign = try scene.call("GET", Self.path + "/usage/by-key", as: .eve)
        #expect(foreign.status == 200 && foreign["requests"] as? Int == 0)
    }

    @Test func `what is another's is answered as what is missing, and who may not is told so, in this platform's shape`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let foreign = try scene.call("GET", Self.path + "/\(try scene.uid(.apiKey, "eve", in: "globex"))")
        let missing = try scene.call("GET", Self.path + "/nothing")
        for answer in [foreign, missing, try scene.call("GET", Self.path + "/%00")] {
            #expect(answer.status == 404 && answer["error.code"] as? String == "not_found" && answer.headers["content-type"] == "application/json")
        }
        #expect(foreign["error.message"] as? String == missing["error.message"] as? String)
        let forbidden = try scene.call("POST", Self.path, as: .vi, #"{"name":"Mine","permissions":["chat"]}"#)
        #expect(forbidden.status == 403 && forbidden["error.type"] as? String == "permission_error", "\(forbidden.text)")
        for (method, path) in [("DELETE", "/vi"), ("POST", "/vi/revoke")] {
            let narrow = try scene.call(method, Self.path + path, as: .rex)
            #expect(narrow.status == 403 && narrow.text.contains("config.propose"), "\(narrow.text)")
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.change_request") == ["0"])
        let unknown = try scene.call("GET", Self.path, as: nil, headers: ["X-API-Key": "sk_nobody"])
        #expect(unknown.status == 401 && unknown["error.type"] as? String == "authentication_error", "\(unknown.text)")
        #expect(try scene.call("GET", Self.path, as: nil, headers: ["X-API-Key": CompatibleScene.Person.ada.secret]).status == 200)
        let both = try scene.call("GET", Self.path, headers: ["X-API-Key": CompatibleScene.Person.eve.secret])
        #expect(both.status == 401, "\(both.text)")
    }

    @Test(arguments: [
        (#"{"name":"Mine"}"#, 400), (#"{"name":"日本","permissions":["chat"]}"#, 400), (#"{"name":"Mine","permissions":["chat"],"rateLimit":0}"#, 400),
        (#"{"name":"Mine","permissions":["chat"],"expiresAt":"soon"}"#, 400), (#"{"name":"Mine","permissions":["chat"],"tier":"x"}"#, 400),
        (#"{"name":"ADA","permissions":["chat"]}"#, 409),
    ]) func `a field that cannot be kept is refused, and nothing is asked for`(body: String, status: Int) throws {
        let scene = try CompatibleScene(isWatched: false)
        let answer = try scene.call("POST", Self.path, body)
        #expect(answer.status == status && answer["error.message"] is String, "\(answer.text)")
        #expect(try scene.sql("SELECT count(*) FROM charter.change_request") == ["0"])
    }

    @Test func `a Scope that is not there is found by the change, and told`() throws {
        let scene = try CompatibleScene()
        let answer = try scene.call("POST", Self.path, #"{"name":"Mine","permissions":["nothing"]}"#)
        // A slow machine may not know within the time that a call waits.
        guard answer.status == 202, let id = answer.headers["location"]?.split(separator: "/").last else {
            #expect(answer.status == 400 && answer.text.contains("nothing"), "\(answer.text)")
            return
        }
        try eventually(within: .seconds(60), "the change is refused") {
            try scene.sql("SELECT state FROM charter.change_request WHERE uid = '\(id)'") == ["refused"]
        }
    }
}
