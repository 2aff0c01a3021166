import Crypto
import Foundation
import HTTP
import Spec
import Store
import Testing

@testable import Services

/// `/v1/apps` over a socket, through commits.
struct AppTests {
    private static let app = #"{"name":"My AI Application","description":"An AI-powered productivity tool","tier":"TEAM"}"#

    @Test func `an app is registered, described with its usage, and gets another secret`() throws {
        let scene = try CompatibleScene()
        let registered = try scene.change("POST", "/v1/apps/register", Self.app)
        let secret = try #require(registered["credentials.secretKey"] as? String)
        #expect(registered["success"] as? Bool == true && registered["app.id"] as? String == "app_my-ai-application", "\(registered.text)")
        #expect(registered["app.tier"] as? String == "TEAM" && registered["app.features.mlRouting"] as? Bool == true)
        #expect(registered["app.limits.requestsPerMonth"] as? Int == 50_000 && registered["app.limits.requestsPerMinute"] as? Int == 6000)
        let id = "app_" + (try scene.uid(.project, "my-ai-application"))
        #expect((registered["app.appId"] as? String == id) == (registered.status == 201))
        let key = try #require(try scene.canonical(.apiKey, "my-ai-application"))
        #expect(key.contains(SHA256.digest(secret).hex) && key.contains(#""project":"my-ai-application""#))
        let scope = try #require(try scene.canonical(.scope, "app"))
        #expect(scope.contains(#""ml.route""#) && !scope.contains("ml.route.batch"))

        try scene.book("my-ai-application", project: "my-ai-application", statuses: [200, 200, 502])
        let described = try scene.call("GET", "/v1/apps/\(id)")
        #expect(described.status == 200 && described["app.name"] as? String == "My AI Application", "\(described.text)")
        #expect(described["app.status"] as? String == "ACTIVE" && described["app.usage.requestsThisPeriod"] as? Int == 3)
        #expect(described["app.usage.currentMonthUsage.totalCost"] as? Double == 0.0045)
        #expect(described["app.analytics.successfulRequests"] as? Int == 2 && described["app.analytics.failedRequests"] as? Int == 1)
        #expect(described["app.analytics.avgResponseTime"] as? Int == 200)
        let byName = try scene.call("GET", "/v1/apps/app_my-ai-application")
        #expect(byName["app.appId"] as? String == id)

        let rotated = try scene.change("POST", "/v1/apps/\(id)/keys")
        let fresh = try #require(rotated["credentials.secretKey"] as? String)
        #expect(fresh != secret && rotated["credentials.appId"] as? String == id)
        let after = try #require(try scene.canonical(.apiKey, "my-ai-application"))
        #expect(after.contains(SHA256.digest(fresh).hex) && !after.contains(SHA256.digest(secret).hex))
    }

    @Test func `a tier is the organization's plan, and any other is refused`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let other = try scene.call("POST", "/v1/apps/register", #"{"name":"A","tier":"ENTERPRISE"}"#)
        #expect(other.status == 400 && other["code"] as? String == "VALIDATION_ERROR", "\(other.text)")
        #expect((other["message"] as? String)?.contains("TEAM") == true)
        let none = try scene.call("POST", "/v1/apps/register", as: .eve, #"{"name":"A","tier":"TEAM"}"#)
        #expect(none.status == 400 && none.text.contains("it has none"), "\(none.text)")
        #expect(try scene.sql("SELECT count(*) FROM charter.change_request") == ["0"])
    }

    @Test func `what is another's is answered as what is missing, and who may not is told so, in this platform's shape`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let foreign = "app_" + (try scene.uid(.project, "search", in: "globex"))
        for id in [foreign, "app_search", "app_nothing", "nothing", "app_"] {
            for (method, path) in [("GET", "/v1/apps/\(id)"), ("POST", "/v1/apps/\(id)/keys")] {
                let answer = try scene.call(method, path)
                #expect(answer.status == 404 && answer["code"] as? String == "APP_NOT_FOUND", "\(answer.text)")
            }
        }
        let forbidden = try scene.call("POST", "/v1/apps/register", as: .vi, Self.app)
        #expect(forbidden.status == 403 && forbidden["code"] as? String == "FORBIDDEN" && forbidden["timestamp"] is String, "\(forbidden.text)")
        let unknown = try scene.call("GET", "/v1/apps/app_x", as: nil)
        #expect(unknown.status == 401 && unknown["code"] as? String == "AUTHENTICATION_FAILED", "\(unknown.text)")
    }

    @Test func `a credential of an application opens nothing under another's id`() throws {
        let scene = try CompatibleScene(isWatched: false)
        func status(_ uid: String) throws -> Int {
            let credential = "Bearer app_\(uid):\(CompatibleScene.Person.ada.secret)"
            return try scene.call("GET", "/api/v1/api-keys", as: nil, headers: ["Authorization": credential]).status
        }
        #expect(try status(scene.uid(.apiKey, "ada")) == 200)
        #expect(try status(scene.uid(.apiKey, "vi")) == 401)
        #expect(try status("nothing") == 401)
    }

    @Test func `an app's own credential opens that app and nothing else, as long as the app counts`() throws {
        let scene = try CompatibleScene()
        let registered = try scene.change("POST", "/v1/apps/register", #"{"name":"one"}"#)
        _ = try scene.change("POST", "/v1/apps/register", #"{"name":"two"}"#)
        let secret = try #require(registered["credentials.secretKey"] as? String)
        let (own, other) = (try scene.uid(.project, "one"), try scene.uid(.project, "two"))
        func call(_ path: String, _ method: String = "GET", by uid: String) throws -> CompatibleScene.Answer {
            try scene.call(method, path, as: nil, headers: ["Authorization": "Bearer app_\(uid):\(secret)"])
        }
        for uid in [own, try scene.uid(.apiKey, "one")] {
            for id in ["app_\(own)", "app_one"] {
                let answer = try call("/v1/apps/\(id)", by: uid)
                #expect(answer.status == 200 && answer["app.appId"] as? String == "app_\(own)", "\(answer.text)")
            }
        }
        let foreign = try scene.uid(.project, "search", in: "globex")
        for id in ["app_\(other)", "app_two", "app_\(foreign)", "app_search", "app_nothing", "one"] {
            let answer = try call("/v1/apps/\(id)", by: own)
            #expect(answer.status == 404 && answer["code"] as? String == "APP_NOT_FOUND", "\(id): \(answer.text)")
        }
        for route in AdminTable.all.routes where route.name != "getApp" {
            let answer = try call(route.path(in: "acme", naming: own), route.method.rawValue, by: own)
            #expect(answer.status == 403, "\(route.name): \(answer.text)")
        }
        #expect(try call("/v1/apps/app_\(own)", by: other).status == 401)
        #expect(try scene.call("GET", "/v1/apps/app_\(own)", as: nil, headers: ["Authorization": "Bearer \(secret)"]).status == 401)

        let connection = try Connection(scene.database)
        for target in ["key/acme/one", "project/acme/one", "member/acme/ada", "org/acme"] {
            let denial = OverrideRequest(target: target, .denial, until: .after(.seconds(600)), actor: "test", reason: "it leaked")
            let override = try denial.run(connection).override
            #expect(try call("/v1/apps/app_\(own)", by: own).status == 401, "\(target)")
            _ = try OverrideEndRequest(id: override.uid, actor: "test", reason: nil).run(connection)
        }
        #expect(try call("/v1/apps/app_\(own)", by: own).status == 200)
        _ = try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '\"owner\"', '\"owner\" ') WHERE kind = 'Project' AND name = 'one' RETURNING 1")
        #expect(try call("/v1/apps/app_\(own)", by: own).status == 401, "a row that a hand changed says nothing")
    }
}
