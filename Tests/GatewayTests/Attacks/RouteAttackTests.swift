import Foundation
import Gateway
import HTTP
import TestKit
import Testing

/// Every path that the gateway has, asked by whoever has no right to it.
@Suite struct RouteAttackTests {
    /// What tells nothing of anybody's, for probes and monitors.
    static let open = ["/healthz", "/livez", "/health", "/readyz", "/metrics", "/"]

    /// The paths as the gateway's own table has them, so that none is forgotten here.
    private func paths() throws -> [String] {
        let file = Programs.root.appending(path: "Sources/Gateway/Request/RequestRoute.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        let cases = text.split(separator: "\n").filter { $0.contains("case \"/") }
        let found = cases.flatMap { $0.matches(of: /"(\/[^"]*)"/).map { String($0.1) } }
        #expect(text.contains(#"let prefix = "/v1/models/""#))
        return found + ["/v1/models/openai/gpt-4o", "/v1/models/openai%2Fgpt-4o"]
    }

    @Test func `Bearer nothing and everything like it opens no route`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let credentials: [[String: String]] = [
            [:], ["Authorization": "Bearer nothing"], ["Authorization": "Bearer "], ["Authorization": "Bearer"], ["Authorization": ""],
            ["Authorization": "Basic Y2stbWFpbjo="], ["Authorization": "Token \(Platform.secret)"], ["Authorization": Platform.secret],
            ["X-API-Key": ""], ["api-key": "nothing"], ["Cookie": "Authorization=\(Platform.secret)"],
            ["X-Forwarded-Authorization": "Bearer \(Platform.secret)"], ["X-Charter-Organization": "acme", "X-Forwarded-User": "sam"],
        ]
        let paths = try paths()
        #expect(paths.count > 10 && Set(Self.open).isSubset(of: paths))
        for path in paths where !Self.open.contains(path) {
            let method = path.hasPrefix("/v1/models") ? "GET" : "POST"
            let body = method == "POST" ? SurfaceTableTests.body : nil
            for headers in credentials {
                let answer = try client.send(method, path, body: body, key: nil, headers: headers)
                // What is not of the form `Bearer KEY` is no key at all.
                let isMalformed = headers["Authorization"].map { !$0.hasPrefix("Bearer n") } ?? false
                #expect(answer.status == (isMalformed ? 400 : 401), "\(path) \(headers): \(answer.text)")
                #expect(!answer.text.contains("gpt-4o"))
            }
            #expect(try SurfaceTableTests.ask(method, path, client).status == 200, "\(path) with its key")
        }
        for path in Self.open {
            let answer = try client.get(path, key: nil)
            #expect(!answer.text.contains("acme") && !answer.text.contains(Platform.digest), "\(path)")
        }
        #expect(platform.service?.revision == 1)
    }

    @Test func `a Host that is not one opens no admin route`() throws {
        let admin = try freePort()
        let platform = try Platform(configure: { $0.admin = ListenAddress(host: "127.0.0.1", port: admin) })
        func ask(_ port: UInt16, _ request: String) throws -> TestClient.Answer {
            let connection = try TestConnection(port: port)
            try connection.send(request + "Connection: close\r\n\r\n")
            return try connection.readAnswer()
        }
        #expect(try ask(admin, "GET /metrics HTTP/1.1\r\nHost: a\r\n").status == 200)
        for host in ["x/#@y", "x/metrics", "x?y", "a@b", "x#", "/metrics", "x\\y", "a b", "a,b", "[::1", "a:b", "127.0.0.1:\(admin)/metrics"] {
            for path in ["/metrics", "/readyz", "/v1/models"] {
                for port in [admin, platform.port] {
                    let answer = try ask(port, "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n")
                    #expect(answer.status == 400, "\(host) \(path): \(answer.status)")
                    #expect(!answer.text.contains("charter_"))
                }
            }
        }
        // What is said to be the admin's name leads nowhere else than where the connection does.
        for request in [
            "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:\(admin)\r\n",
            "GET http://127.0.0.1:\(admin)/metrics HTTP/1.1\r\nHost: 127.0.0.1:\(admin)\r\n",
        ] {
            #expect(try ask(platform.port, request).status == 404)
        }
        #expect(try ask(admin, "GET /v1/models HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer \(Platform.secret)\r\n").status == 404)
    }
}
