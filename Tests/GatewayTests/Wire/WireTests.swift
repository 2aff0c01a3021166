import Gateway
import TestKit
import Testing

/// What has gone wrong between the two sides of other proxies, through the gateway itself to an origin that keeps every byte.
@Suite struct WireTests {
    private static let last = "GET /healthz HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n"
    private static let body = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n"}]}"#

    private func platform(_ origin: RawOrigin) throws -> Platform {
        try Platform([
            "providers.yaml": StandardConfiguration.provider("openai", origin.port) + "---\n" + StandardConfiguration.provider("groq", 9),
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  origins: [\"http://a\"]\n"),
        ])
    }

    /// Everything that comes back on one connection until the gateway closes it.
    private func exchange(_ platform: Platform, _ text: String) throws -> String {
        let connection = try TestConnection(port: platform.port)
        try connection.send(text)
        while try connection.receive() {}
        return connection.receivedText
    }

    private func statuses(_ text: String) -> [String] {
        text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: true).map { String($0.prefix(3)) }
    }

    private func chat(_ fields: String = "", body: String = WireTests.body, framing: String? = nil) -> String {
        let framing = framing ?? "Content-Length: \(body.utf8.count)"
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(Platform.secret)\r\n\(fields)\(framing)\r\n\r\n\(body)"
    }

    private func names(_ request: String) -> [String] {
        let head = request.prefix { $0 != "{" }
        return head.split(separator: "\r\n").dropFirst().compactMap { $0.split(separator: ":").first?.lowercased() }
    }

    @Test func `sends a provider one request, whatever a client says of its connection`() throws {
        let origin = try RawOrigin()
        let platform = try platform(origin)
        let fields = "Connection: Content-Length, host, authorization, x-api-key, transfer-encoding\r\nUpgrade: h2c\r\nTE: trailers\r\n"
        let text = try exchange(platform, chat(fields) + Self.last)
        #expect(statuses(text) == ["200", "200"])
        #expect(origin.requests.count == 1)
        let request = try #require(origin.requests.first)
        #expect(request.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
        #expect(request.hasSuffix(Self.body.replacing("openai/gpt-4o", with: "gpt-4o")))
        #expect(names(request).filter { $0 == "content-length" }.count == 1)
    }

    @Test func `tells a provider nothing of the client's head but what is meant for it`() throws {
        let origin = try RawOrigin()
        let platform = try platform(origin)
        let fields = [
            "Cookie: a", "X-Forwarded-For: 10.0.0.1", "X-Forwarded-Host: u", "Forwarded: for=10.0.0.1", "Via: 1.1 u", "X-Org: other",
            "X-Internal-User: root", "X-Charter-Organization: other", "X-API-Key: \(Platform.secret)", "Proxy-Authorization: a", "X-Real-IP: 10.0.0.1",
            "Referer: a", "Origin: http://a", "X-Simulate-Tokens: 1", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ].map { $0 + "\r\n" }.joined()
        #expect(statuses(try exchange(platform, chat(fields) + Self.last)) == ["200", "200"])
        let request = try #require(origin.requests.first)
        #expect(!request.contains(Platform.secret))
        let allowed: Set = ["host", "content-type", "accept", "accept-encoding", "user-agent", "x-request-id", "traceparent", "content-length", "x-simulate-tokens"]
        #expect(Set(names(request)).subtracting(allowed).isEmpty, "\(names(request))")
        #expect(names(request).contains("traceparent"))
    }

    @Test(arguments: [
        "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked, identity",
        "Transfer_Encoding: chunked\r\nContent-Length: 5", "Transfer-Encoding:\u{b}chunked", "Content-Length: +5", "Content-Length: 005",
        "Content-Length : 5", "X: y\nContent-Length: 5", "Authorization: Bearer other\r\nContent-Length: 5", "Host: h\r\nContent-Length: 5",
    ])
    func `shows a provider nothing of a request that it refuses, nor what stands behind it`(_ framing: String) throws {
        let origin = try RawOrigin()
        let platform = try platform(origin)
        let text = try exchange(platform, chat(body: "hello" + chat(), framing: framing) + Self.last)
        #expect(["400", "501"].contains(statuses(text).joined(separator: " ")))
        #expect(text.contains("connection: close\r\n"))
        #expect(text.contains(#""code":"#))
        #expect(origin.requests.isEmpty)
    }

    @Test func `reads no body as a request after refusing its key`() throws {
        let origin = try RawOrigin()
        let platform = try platform(origin)
        let hidden = chat()
        let head = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ck-other\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n"
        let text = try exchange(platform, head + hidden + Self.last)
        #expect(statuses(text) == ["401", "200"])
        #expect(origin.requests.isEmpty)
    }

    @Test func `forwards a body that came in chunks with its length, and nothing of the chunks`() throws {
        let origin = try RawOrigin()
        let platform = try platform(origin)
        let half = Self.body.index(Self.body.startIndex, offsetBy: 20)
        let parts = [Self.body[..<half], Self.body[half...]]
        let chunks = parts.map { String($0.utf8.count, radix: 16) + ";x=\"y\"\r\n\($0)\r\n" }.joined() + "0\r\nX-Sum: 1\r\n\r\n"
        let text = try exchange(platform, chat(body: chunks, framing: "Transfer-Encoding: chunked") + Self.last)
        #expect(statuses(text) == ["200", "200"])
        let request = try #require(origin.requests.first)
        #expect(request.hasSuffix("\r\n\r\n" + Self.body.replacing("openai/gpt-4o", with: "gpt-4o")))
        #expect(!names(request).contains("transfer-encoding") && !names(request).contains("x-sum"))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: foo\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", "<html></html>\r\n\r\n",
    ])
    func `answers 502 to a provider's answer that breaks the rules`(_ answer: String) throws {
        let origin = try RawOrigin { _ in answer }
        let platform = try platform(origin)
        let answered = try TestClient(port: platform.port).chat()
        #expect(answered.status == 502)
        #expect(answered.isWhole && answered.json("error", "code") != nil)
    }

    @Test func `refuses what is not known by the name that routes it`() throws {
        let origin = try RawOrigin()
        let platform = try platform(origin)
        for path in [
            "/v1/../v1/chat/completions", "/v1/%63hat/completions", "//v1/chat/completions", "/v1/chat/completions/", "/V1/chat/completions",
            "/v1/chat%2fcompletions", "/v1/chat/completions;a", "/v1/./chat/completions", "/v1/chat/completions%00",
        ] {
            let request = chat().replacing("/v1/chat/completions HTTP", with: "\(path) HTTP")
            #expect(statuses(try exchange(platform, request + Self.last)) == ["404", "200"], "\(path)")
        }
        #expect(origin.requests.isEmpty)
    }

    @Test func `echoes nothing to TRACE and says what it takes instead`() throws {
        let platform = try platform(try RawOrigin())
        let text = try exchange(platform, "TRACE / HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(Platform.secret)\r\n\r\n")
        #expect(statuses(text) == ["405"])
        #expect(text.contains("allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"))
        #expect(!text.contains(Platform.secret))
    }

    @Test func `says what it takes instead of a method that it does not know`() throws {
        let platform = try platform(try RawOrigin())
        for method in ["BREW", "get", "Post"] {
            let text = try exchange(platform, "\(method) / HTTP/1.1\r\nHost: g\r\n\r\n")
            #expect(statuses(text) == ["501"])
            #expect(text.contains("allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"))
        }
    }

    @Test func `tells its own answers by codes of their status, and counts them`() throws {
        let platform = try platform(try RawOrigin())
        let refused: [(request: String, status: Int, code: String)] = [
            ("GET /\r\n\r\n", 400, "bad_request"),
            ("TRACE / HTTP/1.1\r\nHost: g\r\n\r\n", 405, "method_not_allowed"),
            (chat(body: "", framing: "Content-Length: 99999999"), 413, "request_too_large"),
            ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: g\r\n\r\n", 414, "target_too_long"),
            ("GET / HTTP/1.1\r\nHost: g\r\nExpect: a\r\n\r\n", 417, "expectation_failed"),
            ("GET / HTTP/1.1\r\nHost: g\r\nX: \(String(repeating: "a", count: 9000))\r\n\r\n", 431, "headers_too_large"),
            ("BREW / HTTP/1.1\r\nHost: g\r\n\r\n", 501, "not_implemented"),
            (chat(framing: "Transfer-Encoding: gzip"), 501, "not_implemented"),
            ("GET / HTTP/2.0\r\nHost: g\r\n\r\n", 505, "http_version_not_supported"),
        ]
        for (request, status, code) in refused {
            let text = try exchange(platform, request)
            #expect(statuses(text) == ["\(status)"] && text.contains("\"code\":\"\(code)\""), "\(text)")
        }
        let metrics = try TestClient(port: platform.port).get("/metrics", key: nil).text
        for status in [400, 405, 413, 414, 417, 431, 505] { #expect(metrics.contains("charter_requests_total{endpoint=\"none\",status=\"\(status)\"} 1\n")) }
        #expect(metrics.contains("charter_requests_total{endpoint=\"none\",status=\"501\"} 2\n"))
        #expect(metrics.contains("charter_refusals_total{code=\"not_implemented\"} 2\n"))
        #expect(metrics.contains("charter_refusals_total{code=\"request_too_large\"} 1\n"))
    }

    @Test func `says what it takes, of a path and as a whole`() throws {
        let platform = try platform(try RawOrigin())
        let text = try exchange(platform, [
            "OPTIONS * HTTP/1.1\r\nHost: g\r\n\r\n", "OPTIONS /v1/models HTTP/1.1\r\nHost: g\r\n\r\n", Self.last,
        ].joined())
        #expect(statuses(text) == ["204", "204", "200"])
        #expect(text.contains("allow: GET, HEAD, POST, OPTIONS\r\n") && text.contains("allow: GET, HEAD, OPTIONS\r\n"))
    }

    @Test func `keeps in step behind HEAD`() throws {
        let platform = try platform(try RawOrigin())
        let text = try exchange(platform, "HEAD /healthz HTTP/1.1\r\nHost: g\r\n\r\n" + Self.last)
        let answers = text.split(separator: "HTTP/1.1 ").map { $0.split(separator: "\r\n\r\n", omittingEmptySubsequences: false).map(String.init) }
        #expect(answers.count == 2)
        #expect(answers.first?.last == "" && answers.last?.last == #"{"status":"ok"}"#)
        #expect(answers.allSatisfy { $0.first?.contains("content-length: 15") == true })
    }

    @Test func `asks for a body that waits for it only when its key is good`() throws {
        let origin = try RawOrigin()
        let platform = try platform(origin)
        let expecting = "Expect: 100-continue\r\n"
        let refused = try exchange(platform, chat(expecting, body: "", framing: "Content-Length: 9").replacing(Platform.secret, with: "ck-other"))
        #expect(statuses(refused) == ["401"])
        let connection = try TestConnection(port: platform.port)
        try connection.send(chat(expecting + "Connection: close\r\n", body: "", framing: "Content-Length: \(Self.body.utf8.count)"))
        try connection.receive(until: "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send(Self.body)
        while try connection.receive() {}
        #expect(statuses(connection.receivedText) == ["100", "200"])
        #expect(origin.requests.count == 1)
    }
}
