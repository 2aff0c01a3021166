import Gateway
import TestKit
import Testing

@Suite struct PreflightTests {
    private static let page = "https://shop.acme.example"
    /// What the browser asks for when OpenAI's SDK for JavaScript sends a request.
    private static let namesOfSDK = [
        "authorization", "content-type", "openai-organization", "openai-project", "x-stainless-arch", "x-stainless-helper-method", "x-stainless-lang",
        "x-stainless-os", "x-stainless-package-version", "x-stainless-retry-count", "x-stainless-runtime", "x-stainless-runtime-version", "x-stainless-timeout",
    ].joined(separator: ",")

    private func client() throws -> (Platform, TestClient) {
        let platform = try Platform([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  origins: [\"\(Self.page)\", \"https://*.acme.example\"]\n"),
        ])
        return (platform, TestClient(port: platform.port))
    }

    private func ask(
        _ client: TestClient, _ path: String = "/v1/chat/completions", origin: String = Self.page, method: String? = "POST",
        names: String? = Self.namesOfSDK
    ) throws -> TestClient.Answer {
        var headers = ["Origin": origin]
        headers["Access-Control-Request-Method"] = method
        headers["Access-Control-Request-Headers"] = names
        return try client.send("OPTIONS", path, body: nil, key: nil, headers: headers)
    }

    private func isPermitted(_ answer: TestClient.Answer) -> Bool {
        #expect(answer.status == 204)
        #expect(answer.headers["allow"] != nil)
        return answer.headers.keys.contains { $0.hasPrefix("access-control-") }
    }

    @Test func `permits a declared origin what SDKs send`() throws {
        let (platform, client) = try client()
        defer { platform.stopGateway() }
        for origin in [Self.page, "https://a.b.acme.example"] {
            let answer = try ask(client, origin: origin)
            #expect(answer.status == 204)
            #expect(answer.headers["access-control-allow-origin"] == origin)
            #expect(answer.headers["access-control-allow-methods"] == "POST, OPTIONS")
            #expect(answer.headers["access-control-allow-headers"] == Self.namesOfSDK.replacing(",", with: ", "))
            #expect(answer.headers["access-control-max-age"] == "7200")
            #expect(answer.headers["vary"] == "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
            #expect(answer.headers["access-control-allow-credentials"] == nil)
            #expect(answer.headers["allow"] == "POST, OPTIONS")
            #expect(answer.body.isEmpty)
        }
        let models = try ask(client, "/v1/models", method: "GET", names: nil)
        #expect(models.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS")
        #expect(models.headers["access-control-allow-headers"] == nil)
    }

    @Test func `permits nothing to pages that no key declares`() throws {
        let (platform, client) = try client()
        defer { platform.stopGateway() }
        for origin in ["https://evil.example", "null", "https://evilacme.example", "https://acme.example", "*"] {
            let answer = try ask(client, origin: origin)
            #expect(!isPermitted(answer), "\(origin)")
            #expect(answer.headers["vary"] == "Origin")
        }
    }

    @Test func `permits nothing that is not asked for in the form of fields`() throws {
        let (platform, client) = try client()
        defer { platform.stopGateway() }
        #expect(try !isPermitted(ask(client, names: "authorization, two words")))
        #expect(try !isPermitted(ask(client, names: "x\u{22}y")))
        #expect(try !isPermitted(ask(client, names: (0..<500).map { "x-name-\($0)" }.joined(separator: ","))))
        #expect(try !isPermitted(ask(client, method: "")))
        #expect(try !isPermitted(ask(client, method: "GET, POST")))
        #expect(try isPermitted(ask(client, names: "authorization, ,x-a")))
    }

    @Test func `leaves other questions about a path as they are`() throws {
        let (platform, client) = try client()
        defer { platform.stopGateway() }
        let plain = try client.send("OPTIONS", "/v1/chat/completions", body: nil, key: nil)
        #expect(!isPermitted(plain))
        #expect(plain.headers["vary"] == nil)
        let named = try ask(client, method: nil, names: nil)
        #expect(named.headers["access-control-allow-methods"] == nil)
        #expect(named.headers["access-control-allow-origin"] == Self.page)
        #expect(try ask(client, "/v1/nothing").status == 404)
    }

    @Test func `follows the revision in force`() throws {
        let (platform, client) = try client()
        defer { platform.stopGateway() }
        #expect(try isPermitted(ask(client)))
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "")])
        #expect(try !isPermitted(ask(client)))
    }
}
