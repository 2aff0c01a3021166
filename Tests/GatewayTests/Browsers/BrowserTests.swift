import Gateway
import TestKit
import Testing

/// Requests as browsers send them, whose scripts read of an answer only what it shares (the FETCH standard).
@Suite struct BrowserTests {
    private static let page = "https://shop.acme.example"
    private static let stranger = "https://evil.example"
    /// Fields that every script may read ("CORS-safelisted response-header name"), and those about sharing and the connection.
    private static let neededByNobody: Set = [
        "cache-control", "content-length", "content-type", "transfer-encoding", "connection", "vary", "x-accel-buffering",
        "access-control-allow-origin", "access-control-expose-headers",
    ]

    private func platform(
        origins: String = "[\"https://shop.acme.example\", \"https://*.acme.example\"]", more: String = "",
        configure: @escaping @Sendable (inout GatewayOptions) -> Void = { _ in }
    ) throws -> Platform {
        try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  origins: \(origins)\n\(more)")], configure: configure)
    }

    private func expectShared(_ answer: TestClient.Answer, with origin: String = Self.page) {
        #expect(answer.headers["access-control-allow-origin"] == origin)
        #expect(answer.headers["vary"] == "Origin")
        #expect(answer.headers["access-control-allow-credentials"] == nil)
        let exposed = Set((answer.headers["access-control-expose-headers"] ?? "").split(separator: ", ").map(String.init))
        #expect(Set(answer.headers.keys).subtracting(Self.neededByNobody).subtracting(exposed).isEmpty, "\(answer.headers.keys)")
    }

    private func expectUnshared(_ answer: TestClient.Answer) {
        #expect(answer.headers.keys.filter { $0.hasPrefix("access-control-") }.isEmpty, "\(answer.headers)")
    }

    private func expectWithheld(_ answer: TestClient.Answer) {
        expectUnshared(answer)
        #expect(answer.headers["vary"] == "Origin")
    }

    @Test func `shares a plain answer with the pages of the key`() throws {
        let platform = try platform()
        let client = TestClient(port: platform.port)
        for origin in [Self.page, "https://eu.shop.acme.example"] {
            let answer = try client.chat(headers: ["Origin": origin])
            #expect(answer.status == 200)
            expectShared(answer, with: origin)
        }
        let bare = try client.chat()
        #expect(bare.status == 200)
        expectUnshared(bare)
        #expect(bare.headers["vary"] == nil)
    }

    @Test func `shares a stream with the pages of the key`() throws {
        let platform = try platform()
        let answer = try TestClient(port: platform.port).chat(stream: true, headers: ["Origin": Self.page])
        #expect(answer.status == 200)
        #expect(answer.events.last == "[DONE]")
        expectShared(answer)
    }

    @Test func `shares a stream that begins before its provider answers`() throws {
        let platform = try platform { $0.silenceMax = .milliseconds(100) }
        let answer = try TestClient(port: platform.port).chat(stream: true, headers: ["Origin": Self.page, "x-simulate-first-token": "500ms"])
        #expect(answer.text.hasPrefix(": keep-alive"))
        expectShared(answer)
    }

    @Test func `refuses other pages, and names the list`() throws {
        let platform = try platform()
        let client = TestClient(port: platform.port)
        for origin in [Self.stranger, "null", "https://evilacme.example", "http://shop.acme.example"] {
            let answer = try client.chat(headers: ["Origin": origin])
            #expect(answer.status == 403)
            #expect(answer.json("error", "code") == "origin_denied")
            #expect(answer.json("error", "type") == "permission_error")
            #expect(answer.json("error", "charter", "rule", "field") == "/spec/origins")
            #expect(answer.json("error", "charter", "rule", "line") == "8")
            #expect(answer.json("error", "charter", "rule", "author") == "Ada Park <ada@acme.test>")
            #expect(answer.json("error", "message")?.contains(origin) == true)
            expectWithheld(answer)
        }
        #expect(try client.get("/metrics").text.contains(#"code="origin_denied""#))
    }

    @Test func `no page may send a key without origins`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let answer = try client.chat(headers: ["Origin": Self.page])
        #expect(answer.status == 403)
        #expect(answer.json("error", "code") == "origin_denied")
        expectWithheld(answer)
    }

    @Test func `another organization's pages may read why they may not send the key`() throws {
        let globex = StandardConfiguration.org.replacing("acme", with: "globex").replacing("Acme", with: "Globex")
        let key = StandardConfiguration.key(spec: "  origins: [\"https://globex.example\"]\n").replacing(Platform.digest, with: String(repeating: "7", count: 64))
        let platform = try Platform([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  origins: [\"\(Self.page)\"]\n"),
            "orgs/globex/org.yaml": globex, "orgs/globex/keys.yaml": key,
        ])
        let answer = try TestClient(port: platform.port).chat(headers: ["Origin": "https://globex.example"])
        #expect(answer.status == 403)
        #expect(answer.json("error", "code") == "origin_denied")
        expectShared(answer, with: "https://globex.example")
    }

    @Test func `shares refusals, so that scripts can tell one from another`() throws {
        let platform = try platform(more: "  limits: [1 requests/min]\n  models: { deny: [openai/gpt-4o-mini] }\n")
        let client = TestClient(port: platform.port)
        let origin = ["Origin": Self.page]
        func refused(_ status: Int, _ answer: TestClient.Answer) {
            #expect(answer.status == status)
            expectShared(answer)
        }
        refused(401, try client.chat(key: "ck-other", headers: origin))
        refused(401, try client.chat(key: nil, headers: origin))
        refused(403, try client.chat("openai/gpt-4o-mini", headers: origin))
        refused(404, try client.chat("openai/none", headers: origin))
        refused(404, try client.send("GET", "/v1/nothing", body: nil, headers: origin))
        refused(405, try client.send("GET", "/v1/chat/completions", body: nil, headers: origin))
        refused(400, try client.send("POST", "/v1/chat/completions", body: "{", headers: origin))
        refused(400, try client.send("POST", "/v1/inference", body: "{", headers: origin))
        refused(200, try client.chat(headers: origin))
        refused(429, try client.chat(headers: origin))
    }

    @Test func `shares what the providers' trouble makes of a request`() throws {
        let platform = try platform()
        let answer = try TestClient(port: platform.port).chat(headers: ["Origin": Self.page, "x-simulate-status": "500"])
        #expect(answer.status == 502)
        expectShared(answer)
    }

    @Test func `shares the answer to a body that is too large, which the server gives by itself`() throws {
        let platform = try platform { $0.bodyBytesMax = 10 }
        let answer = try TestClient(port: platform.port).chat(headers: ["Origin": Self.page])
        #expect(answer.status == 413)
        expectShared(answer)
    }

    @Test func `shares the list of models`() throws {
        let platform = try platform()
        let client = TestClient(port: platform.port)
        for path in ["/v1/models", "/v1/models/openai/gpt-4o"] {
            let answer = try client.send("GET", path, body: nil, headers: ["Origin": Self.page])
            #expect(answer.status == 200)
            expectShared(answer)
            let withheld = try client.send("GET", path, body: nil, headers: ["Origin": Self.stranger])
            #expect(withheld.status == 403)
            expectWithheld(withheld)
            // A cache that kept this for who comes from no page must not give it to who does.
            expectWithheld(try client.get(path))
        }
    }

    @Test(arguments: ["/", "/healthz", "/readyz", "/metrics"])
    func `shares nothing of what is for those who run the gateway`(_ path: String) throws {
        let platform = try platform()
        let client = TestClient(port: platform.port)
        let answer = try client.send("GET", path, body: nil, key: nil, headers: ["Origin": Self.page])
        #expect(answer.status == 200)
        expectUnshared(answer)
        #expect(answer.headers["vary"] == nil)
        let asked = try client.send(
            "OPTIONS", path, body: nil, key: nil, headers: ["Origin": Self.page, "Access-Control-Request-Method": "GET"])
        #expect(asked.status == 204)
        expectUnshared(asked)
    }

    @Test func `tells a provider nothing of the pages`() throws {
        let origin = try RawOrigin()
        let platform = try Platform([
            "providers.yaml": StandardConfiguration.provider("openai", origin.port) + "---\n" + StandardConfiguration.provider("groq", 9),
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  origins: [\"\(Self.page)\"]\n"),
        ])
        #expect(try TestClient(port: platform.port).chat(headers: ["Origin": Self.page]).status == 200)
        let request = try #require(origin.requests.first)
        #expect(!request.lowercased().contains("shop.acme.example"))
    }

    @Test func `takes an origin away with the revision that does`() throws {
        let platform = try platform(origins: "[\"\(Self.page)\"]")
        let client = TestClient(port: platform.port)
        #expect(try client.chat(headers: ["Origin": Self.page]).status == 200)
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  origins: [\"https://other.example\"]\n")])
        let answer = try client.chat(headers: ["Origin": Self.page])
        #expect(answer.json("error", "code") == "origin_denied")
        expectWithheld(answer)
        #expect(try client.chat(headers: ["Origin": "https://other.example"]).status == 200)
    }

    @Test(arguments: ["Origin: https://shop.acme.example", "Connection: origin"])
    func `lets no client hide where a request comes from`(_ field: String) throws {
        let platform = try platform()
        let connection = try TestConnection(port: platform.port)
        try connection.send(
            "GET /v1/models HTTP/1.1\r\nHost: g\r\nConnection: close\r\nAuthorization: Bearer \(Platform.secret)\r\nOrigin: \(Self.stranger)\r\n\(field)\r\n\r\n")
        #expect([400, 403].contains(try connection.readAnswer().status))
    }
}
