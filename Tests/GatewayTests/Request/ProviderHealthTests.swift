import Gateway
import HTTP
import Synchronization
import TestKit
import Testing

/// Requests go where they are answered.
@Suite struct ProviderHealthTests {
    private static let retry = "{ attempts: 2, on: [connect, timeout, 429, 5xx] }"

    /// A route that prefers `provider` and falls back to a simulated one.
    private func routed(_ provider: ScriptedProvider, _ spec: String = "", breaker: String = "") throws -> Platform {
        let route = StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]", retry: Self.retry)
        return try Platform(["routes.yaml": route + breaker], beside: {
            StandardConfiguration.providers(provider.port, $0, spec: spec)
        })
    }

    @Test func `a provider that fails is left out`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.refuse(503) }
        let platform = try routed(provider, "  health: { ejection: { failures: 3, within: 30s, for: 1h } }\n")
        let client = TestClient(port: platform.port)
        for _ in 0..<3 {
            let answer = try client.chat("assistant")
            #expect(answer.headers["x-charter-model"] == "groq/llama")
            #expect(answer.headers["x-charter-attempts"] == "2")
        }
        // Left out: nobody asks it.
        #expect(try client.chat("assistant").headers["x-charter-attempts"] == "1")
        #expect(provider.seen.count == 3)
        #expect(try client.get("/readyz").text.contains("left out after failures"))
        let metrics = try client.get("/metrics").text
        #expect(metrics.contains(#"charter_provider_healthy{provider="openai"} 0"#))
        #expect(metrics.contains(#"charter_provider_ejections_total{provider="openai"} 1"#))
        #expect(platform.log.contains("a provider is left out after failures"))
        // The decision record tells why the order was another.
        #expect(try platform.detail(containing: #""unhealthy":["openai/gpt-4o"]"#))
    }

    @Test func `a provider that was left out is tried again, and taken back`() throws {
        let isWell = Mutex(false)
        let provider = try ScriptedProvider { exchange, _, _ in
            isWell.withLock { $0 } ? exchange.answerChat() : exchange.refuse(503)
        }
        let platform = try routed(provider, "  health: { ejection: { failures: 3, within: 30s, for: 1s } }\n")
        let client = TestClient(port: platform.port)
        for _ in 0..<3 { #expect(try client.chat("assistant").headers["x-charter-model"] == "groq/llama") }
        #expect(platform.log.contains("a provider is left out after failures"))
        isWell.withLock { $0 = true }
        try eventually(within: .seconds(30), "it is taken back") {
            try client.chat("assistant").headers["x-charter-model"] == "openai/gpt-4o"
        }
        #expect(try client.get("/readyz").text.contains(#""openai":"available""#))
        #expect(platform.log.contains("a provider is well again"))
    }

    @Test func `a provider that is alone is asked although it fails`() throws {
        let provider = try ScriptedProvider { exchange, number, _ in number < 4 ? exchange.refuse(500) : exchange.answerChat() }
        let spec = "  health: { ejection: { failures: 2, within: 30s, for: 1h } }\n"
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0, spec: spec) })
        let statuses = try (0..<6).map { _ in try TestClient(port: platform.port).chat().status }
        #expect(statuses == [502, 502, 502, 502, 200, 200])
    }

    @Test func `a stream that breaks off counts as a failure`() throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.beginStream()
            exchange.writePiece("a")
            loop.schedule(after: .milliseconds(10)) { exchange.reset() }
        }
        let platform = try routed(provider, "  health: { ejection: { failures: 2, within: 30s, for: 1h } }\n")
        let client = TestClient(port: platform.port)
        let models = try (0..<3).map { _ in try client.chat("assistant", stream: true).headers["x-charter-model"] }
        #expect(models == ["openai/gpt-4o", "openai/gpt-4o", "groq/llama"])
        #expect(try platform.outcomes(rows: 3).contains("failed: truncated answer"))
    }

    @Test func `a model whose provider asks to be left alone is tried after the others`() throws {
        let provider = try ScriptedProvider { exchange, number, _ in
            number == 0 ? exchange.refuse(429, ["retry-after": "3600"]) : exchange.answerChat()
        }
        let platform = try routed(provider)
        let client = TestClient(port: platform.port)
        #expect(try client.chat("assistant").headers["x-charter-attempts"] == "2")
        for _ in 0..<3 {
            let answer = try client.chat("assistant")
            #expect(answer.headers["x-charter-model"] == "groq/llama")
            #expect(answer.headers["x-charter-attempts"] == "1")
        }
        // Another model of the same provider is not meant.
        #expect(try client.chat("openai/gpt-4o-mini").status == 200)
        #expect(provider.seen.count == 2)
    }

    @Test func `a provider is asked how it is`() throws {
        let isWell = Mutex(true)
        let provider = try ScriptedProvider { exchange, _, _ in
            if exchange.request.method == .get {
                isWell.withLock { $0 } ? exchange.answerChat() : exchange.refuse(500)
            } else {
                exchange.answerChat()
            }
        }
        let platform = try routed(
            provider, "  headers: { x-team: platform }\n  health: { path: /models?limit=1, every: 2s, timeout: 1900ms, unhealthyAfter: 2, healthyAfter: 2 }\n")
        let client = TestClient(port: platform.port)
        #expect(try client.chat("assistant").headers["x-charter-model"] == "openai/gpt-4o")
        isWell.withLock { $0 = false }
        // Not by requests, of which the key has a thousand a minute.
        try eventually(within: .seconds(40), "it is found ill") { try client.get("/readyz").text.contains("ill: HTTP 500") }
        #expect(try client.chat("assistant").headers["x-charter-model"] == "groq/llama")
        isWell.withLock { $0 = true }
        try eventually(within: .seconds(40), "it is found well") { try client.get("/readyz").text.contains(#""openai":"available""#) }
        #expect(try client.chat("assistant").headers["x-charter-model"] == "openai/gpt-4o")
        let question = try #require(provider.seen.first { $0.method == "GET" })
        #expect(question.target == "/v1/models?limit=1")
        #expect(question.headers["x-team"] == "platform")
        #expect(try client.get("/metrics").text.contains(#"charter_provider_checks_total{provider="openai",outcome="bad"}"#))
        #expect(platform.log.contains("a provider is ill"))
    }

    @Test func `a route's breaker leaves out the target that fails, and no other model of its provider`() throws {
        let provider = try ScriptedProvider { exchange, number, _ in number < 2 ? exchange.refuse(500) : exchange.answerChat() }
        let platform = try routed(provider, breaker: "\n  breaker: { failures: 2, within: 30s, for: 1h }\n")
        let client = TestClient(port: platform.port)
        let attempts = try (0..<4).map { _ in try client.chat("assistant").headers["x-charter-attempts"] }
        #expect(attempts == ["2", "2", "1", "1"])
        #expect(try client.chat("openai/gpt-4o-mini").status == 200)
        #expect(platform.log.contains("a route leaves a target out after failures"))
    }

    @Test func `a route's breaker takes a target back`() throws {
        let provider = try ScriptedProvider { exchange, number, _ in number < 2 ? exchange.refuse(500) : exchange.answerChat() }
        let platform = try routed(provider, breaker: "\n  breaker: { failures: 2, within: 30s, for: 1s }\n")
        let client = TestClient(port: platform.port)
        for _ in 0..<2 { #expect(try client.chat("assistant").headers["x-charter-attempts"] == "2") }
        #expect(platform.log.contains("a route leaves a target out after failures"))
        try eventually(within: .seconds(30), "it is taken back") {
            try client.chat("assistant").headers["x-charter-model"] == "openai/gpt-4o"
        }
    }

    /// `isTogether`: all are on their way to the first provider before it fails any, so that each was routed when nobody had asked
    /// the second yet.
    @Test(arguments: [true, false])
    func `a fallback that is tried again gets one request a second, however many its forerunner fails`(_ isTogether: Bool) throws {
        let count = 12
        let arrived = Mutex(0)
        let first = try ScriptedProvider { exchange, number, loop in
            arrived.withLock { $0 += 1 }
            func refuse() {
                if !isTogether || number == 0 || arrived.withLock({ $0 > count }) { return exchange.refuse(500) }
                loop.schedule(after: .milliseconds(2)) { refuse() }
            }
            refuse()
        }
        // Fails once and then never answers.
        let second = try ScriptedProvider { exchange, number, _ in
            if number == 0 { exchange.refuse(500) }
        }
        let platform = try Platform(
            ["routes.yaml": StandardConfiguration.route(
                "{ model: openai/gpt-4o }, { model: second/llama }", fallback: "[groq/llama]",
                retry: "{ attempts: 3, on: [connect, timeout, 5xx] }"),
             "catalog.yaml": StandardConfiguration.catalog + "---\n" + StandardConfiguration.catalog(of: "second")],
            beside: { groq in
                let others = StandardConfiguration.providers(first.port, groq)["providers.yaml"] ?? ""
                let health = "  health: { ejection: { failures: 1, within: 30s, for: 1s } }\n"
                return ["providers.yaml": others + "---\n" + StandardConfiguration.provider("second", second.port, more: health)]
            })
        let client = TestClient(port: platform.port)
        #expect(try client.chat("assistant").headers["x-charter-attempts"] == "3")
        try eventually(within: .seconds(10), "the second may be tried again") {
            try client.get("/readyz").text.contains("being tried again")
        }
        let port = platform.port
        var others = count
        var probe: Background<TestClient.Answer>?
        if !isTogether {
            probe = Background { try TestClient(port: port).chat("assistant") }
            try eventually(within: .seconds(5), "one has asked the second") { second.seen.count == 2 }
            others -= 1
        }
        let answers = try inParallel(others) { _ in try TestClient(port: port).chat("assistant") }
        #expect(answers.allSatisfy { $0.status == 200 && $0.headers["x-charter-model"] == "groq/llama" })
        let attempts = answers.map { $0.headers["x-charter-attempts"] }
        #expect(attempts.filter { $0 == "2" }.count >= count - 4, "\(attempts)")
        _ = try probe?.value()
    }

    @Test func `what is known outlives a revision`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.refuse(503) }
        let platform = try routed(provider, "  health: { ejection: { failures: 1, within: 30s, for: 1h } }\n")
        let client = TestClient(port: platform.port)
        #expect(try client.chat("assistant").headers["x-charter-attempts"] == "2")
        try platform.apply(["scopes.yaml": StandardConfiguration.scopes.replacing("name: embeddings", with: "name: vectors")])
        #expect(try client.chat("assistant").headers["x-charter-attempts"] == "1")
        #expect(provider.seen.count == 1)
    }
}
