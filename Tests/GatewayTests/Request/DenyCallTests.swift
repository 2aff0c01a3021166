import Foundation
import Gateway
import HTTP
import Spec
import Store
import TestKit
import Testing

/// `/admin/deny`, with PostgreSQL there and away.
@Suite struct DenyCallTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    private static func platform(database: String? = nil) throws -> Platform {
        try Platform([StandardConfiguration.keyPath: StandardConfiguration.keys(spec: "")], database: database, configure: { $0.adminToken = AdminToken(token) })
    }

    private func call(
        _ platform: Platform, _ method: String, _ path: String = "/admin/deny", _ body: String? = nil, token: String? = Self.token
    ) throws -> TestClient.Answer {
        try TestClient(port: platform.port).send(method, path, body: body, key: token)
    }

    private func order(_ what: String, until: String = "1h", more: String = "") -> String {
        #"{"what":"\#(what)","until":"\#(until)","reason":"it leaked","actor":"ada"\#(more)}"#
    }

    @Test func `a denied key is refused when the answer is there, without PostgreSQL, and after a restart; PostgreSQL gets it once`() throws {
        let server = try ControlledPostgres()
        let platform = try Self.platform(database: server.url())
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        try server.stop(.fast)
        let denied = try call(platform, "POST", "/admin/deny", order("key/acme/main"))
        #expect(denied.status == 201, "\(denied.text)")
        let refused = try client.chat()
        #expect(refused.status == 403 && refused.text.contains("it leaked"))
        #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200)
        #expect(try call(platform, "GET").text.contains("acme/APIKey/main"))
        let kept = platform.folder.path + "/state/denials.jsonl"
        let permissions = try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int
        #expect(permissions == 0o600)

        platform.stopGateway()
        try server.start()
        try platform.startGateway()
        #expect(try TestClient(port: platform.port).chat().status == 403)
        let connection = try Connection(platform.database)
        try eventually(within: .seconds(20), "PostgreSQL has it") {
            try connection.transaction { try Overrides.inForce($0, .everything) }.count == 1
        }
        try eventually(within: .seconds(20), "the gateway has handed it over") {
            try call(platform, "GET").text == #"{"denials":[]}"#
        }
        try eventually(within: .seconds(20), "the end of the audit is logged") { platform.log.contains(#""message":"audit head""#) }
        #expect(try TestClient(port: platform.port).chat().status == 403)
        let (found, acts) = try connection.transaction { (try Overrides.inForce($0, .everything), try Audit.list($0, .everything, limit: 9)) }
        #expect(found.first?.gateway != nil && found.first?.owner == "ada")
        #expect(acts.map(\.action) == ["override.set"])
        try connection.transaction { _ = try Overrides.close($0, .everything, uid: found[0].uid, actor: "ada") }
        try eventually(within: .seconds(20), "the key is let in again") { try TestClient(port: platform.port).chat().status == 200 }
    }

    @Test func `a wrong token, none, and a gateway without one do nothing; guesses are slowed down`() throws {
        let platform = try Self.platform()
        for token in [nil, "wrong", Self.token + "0", String(Self.token.dropLast())] {
            let answer = try call(platform, "POST", "/admin/deny", order("key/acme/main"), token: token)
            #expect(answer.status == 401 && answer.text.contains("admin_token_refused"))
        }
        try eventually(within: .seconds(15), "guesses are slowed down") { try call(platform, "GET", token: "wrong").status == 429 }
        #expect(try call(platform, "GET").status == 200)
        #expect(try TestClient(port: platform.port).chat().status == 200)
        let without = try Platform()
        #expect(try call(without, "POST", "/admin/deny", order("key/acme/main")).status == 404)
        #expect(AdminToken(String(repeating: "x", count: AdminToken.bytesMin - 1)) == nil)
    }

    @Test(arguments: [
        "", "[]", "{", #"{"what":"key/acme/main"}"#, #"{"what":7,"until":"1h","reason":"x","actor":"y"}"#,
        #"{"what":"key/acme/main","what":"key/acme/free","until":"1h","reason":"x","actor":"y"}"#,
        #"{"what":"key/acme/main","until":"8d","reason":"x","actor":"y"}"#, #"{"what":"key/acme/main","until":"2020-01-01","reason":"x","actor":"y"}"#,
        #"{"what":"key/acme/main","until":"9223372036854775807ms","reason":"x","actor":"y"}"#,
        #"{"what":"key/acme/main","until":"1h","reason":"\u0000","actor":"y"}"#,
        #"{"what":"key/acme/main","until":"1h","reason":" ","actor":"y"}"#, #"{"what":"key/acme/other","until":"1h","reason":"x","actor":"y"}"#,
        #"{"what":"main","until":"1h","reason":"x","actor":"y"}"#, #"{"what":"budget/acme/main","until":"1h","reason":"x","actor":"y"}"#,
        #"{"what":"key/acme/main","until":"1h","reason":"x","actor":"y","org":"acme"}"#,
    ]) func `an order that says nothing clear is refused, and denies nothing`(body: String) throws {
        let platform = try Self.platform()
        let answer = try call(platform, "POST", "/admin/deny", body)
        #expect(answer.status == 400, "\(answer.text)")
        #expect(try call(platform, "GET").text == #"{"denials":[]}"#)
        #expect(try TestClient(port: platform.port).chat().status == 200)
    }

    @Test func `the path takes what it says it takes`() throws {
        let platform = try Self.platform()
        #expect(try call(platform, "PUT", "/admin/deny", "{}").headers["allow"] == "GET, POST")
        #expect(try call(platform, "POST", "/admin/deny/x", "{}").headers["allow"] == "DELETE")
        #expect(try call(platform, "DELETE", "/admin/deny/unknown").status == 404)
        #expect(try call(platform, "GET", "/admin/denying").status == 404)
    }
}
