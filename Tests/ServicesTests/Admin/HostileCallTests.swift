import HTTP
import Store
import TestKit
import Testing

@testable import Services

/// Calls as they come from whoever means harm, or has a program that is wrong.
struct HostileCallTests {
    private let scene: AdminScene
    private let admin = AdminScene.secret("acme", "admin")

    init() throws { scene = try AdminScene() }

    @Test(arguments: [
        (nil, nil, nil, 415), ("text/plain", nil, nil, 415), ("application/json; charset=utf-16", nil, nil, 415), ("application/json", "gzip", nil, 415),
        ("application/merge-patch+json", nil, nil, 415), ("APPLICATION/JSON; charset=\"UTF-8\"", "identity", "application/*", 422),
        ("application/json", nil, "text/html", 406), ("application/json", nil, "application/json;q=0, */*", 406), ("application/json", nil, "nonsense", 422),
    ] as [(String?, String?, String?, Int)])
    func `a body comes in the form that is read, and an answer goes in one that is taken`(
        type: String?, encoding: String?, accept: String?, status: Int
    ) throws {
        var headers: Headers = ["authorization": "Bearer \(admin)"]
        if let type { headers.add("content-type", type) }
        if let encoding { headers.add("content-encoding", encoding) }
        if let accept { headers.add("accept", accept) }
        let connection = try Connection(scene.database)
        for (method, path) in [(HTTP.Method.post, "/v1/admin/orgs/acme/keys"), (.put, "/v1/admin/orgs/acme/projects/p")] {
            let request = AdminRequest(method: method, path: path, headers: headers, body: Array("[]".utf8), id: "r")
            let answer = scene.api.answer(request) { connection }
            #expect(answer.status == status, "\(method) \(path): \(answer.text)")
        }
    }

    @Test func `no body that cannot be read is more than a mistake of the caller's, on any route`() throws {
        let scene = try MatrixScene()
        for route in AdminTable.all.routes where route.body != nil || route.document != nil {
            let isOfPlatform = route.scope == .platform
            for body in Self.bodies {
                let answer = try scene.call(
                    route, route.path(in: "acme", naming: "own"), as: isOfPlatform ? nil : scene.credential("acme", "admin", .key),
                    user: isOfPlatform ? 0 : nil, sending: body)
                #expect((400..<500).contains(answer.status), "\(route.name) \(body.prefix(60)): \(answer.status) \(answer.text)")
            }
        }
    }

    /// What no JSON may be, or no declaration, or no more than a program that reads it may take.
    private static let bodies: [String] = [
        deepList, deepObject, longSubject, #"{"spec":{"displayName":"\ud800"}}"#, #"{"spec":{"displayName":"\u0000"}}"#,
        #"{"spec":{"targets":[{"model":"a/b","weight":1e400}]}}"#, #"{"spec":{"displayName":"x","displayName":"y"}}"#,
        #"{"spec":{"targets":[{"model":"a/b","weight":99999999999999999999999999}]}}"#, #"{"spec":[]}"#, "null", "7", #""x""#,
        "\u{feff}{}", "{}{}", #"{"a":1,}"#, #"{"pool":"ci","lifetime_seconds":1.5}"#, #"{"pool":"ci","lifetime_seconds":1e3}"#,
        #"{"pool":"ci","name":"\ud800"}"#, #"{"reason":7,"dry_run":"x"}"#, #"{"target":"","set":[""],"until":7,"reason":null}"#,
    ]
    private static let deepList = String(repeating: "[", count: 20_000)
    private static let deepObject = String(repeating: #"{"a":"#, count: 10_000)
    private static let longSubject = ##"{"subject":"acme/Budget/team#/spec/"## + String(repeating: "~", count: 5_000) + #""}"#

    @Test func `a cursor that somebody made or changed is a mistake of the caller's, on any list`() throws {
        let scene = try MatrixScene()
        for route in AdminTable.all.routes where route.query.contains(where: { $0.name == "cursor" }) {
            let (path, secret) = (route.path(in: "acme", naming: "own"), scene.credential("acme", "system-admin", .key))
            func read(_ cursor: String) throws -> AdminAnswer { try scene.call(route, path, as: secret, query: "cursor=\(cursor)") }
            for text in ["", "zz", "0", "00", "ff", "2f0a", String(repeating: "61", count: 4000)] {
                let answer = try read(text)
                #expect(answer.status == 400 && answer.text.contains("malformed"), "\(route.name) \(text.prefix(9)): \(answer.text)")
            }
            #expect(try read(PageCursor(path: path + "/", position: "acme/a").text).status == 400)
            for position in ["", "1", "-1", "9223372036854775807", "9223372036854775808", "acme/", "*/x", "a/b/c", "'/\"", "9223372036854775807/x", "-9223372036854775808/x", "x/-1"] {
                let answer = try read(PageCursor(path: path, position: position).text)
                #expect(answer.status == 200 || answer.status == 400 && answer.text.contains("malformed"), "\(route.name) \(position): \(answer.text)")
            }
        }
    }

    @Test(arguments: [
        ("from=999999999d", 400), ("from=999999999s", 200), ("from=1970-01-01&to=9999-12-31&zone=Asia/Tokyo", 200), ("from=9999-12-31", 400),
        ("to=1970-01-01", 400), ("from=0000-01-01", 400), ("from=-1d", 400), ("from=", 400), ("from=1970-01-01&by=hour", 400), ("by=tag:'", 200),
        ("zone=../../etc/passwd", 400), ("model=%25_%27", 200), ("project='", 404), ("from=2026-02-30", 400),
    ])
    func `usage of any time that can be asked for is told or refused`(query: String, status: Int) throws {
        let answer = try scene.call(.get, "/v1/admin/orgs/acme/usage", as: admin, query: query)
        #expect(answer.status == status, "\(answer.text)")
        let summary = try scene.call(.get, "/api/v1/api-keys/usage/summary", as: admin, query: query)
        #expect([200, 400].contains(summary.status), "\(summary.text)")
    }
}
