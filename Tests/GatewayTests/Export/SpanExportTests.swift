import Gateway
import HTTP
import TestKit
import Testing

/// What of requests a collector gets to see.
@Suite struct SpanExportTests {
    private static let id = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = "b7ad6b7169203331"
    private static let traceparent = "00-\(id)-\(parent)-01"

    private static let route = StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[openai/gpt-4o-mini]")

    @Test func `a request and its attempts are spans of its client's trace, by the conventions' names`() throws {
        let collector = try TestCollector()
        let provider = try ScriptedProvider { exchange, number, _ in
            guard number == 1 else { return exchange.refuse(503) }
            exchange.respond(
                ResponseHead(status: 200, headers: ["content-type": "application/json"]),
                body: Array(#"{"id":"c","object":"chat.completion","model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"a b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":8}}}"#.utf8))
        }
        let platform = try Platform(
            ["routes.yaml": Self.route], beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.export(to: collector.port) })
        let answer = try TestClient(port: platform.port).chat(
            "assistant", headers: ["traceparent": Self.traceparent, "tracestate": "vendor=1"])
        #expect(answer.status == 200)
        let spans = try collector.spans(3)
        #expect(spans.count == 3 && spans.allSatisfy { $0.trace == Self.id && $0.state == "vendor=1" && $0.start <= $0.end })
        let own = try #require(spans.first { $0.kind == 2 })
        #expect(answer.headers["traceparent"] == "00-\(Self.id)-\(own.id)-01" && own.parent == Self.parent)
        #expect(own.name == "POST /v1/chat/completions" && own.status == nil)
        let (decision, revision) = (try #require(answer.headers["x-charter-decision"]), try #require(answer.headers["x-charter-revision"]))
        let keyID = try #require(own.attributes["charter.key.id"])
        #expect(own.attributes.all == [
            "http.request.method": "POST", "http.route": "/v1/chat/completions", "url.path": "/v1/chat/completions", "url.scheme": "http",
            "http.response.status_code": "200", "gen_ai.operation.name": "chat", "gen_ai.request.model": "assistant",
            "gen_ai.request.stream": "false", "charter.decision": decision, "charter.revision": revision, "charter.org": "acme",
            "charter.key": "main", "charter.key.id": keyID,
        ])
        // Each attempt's span is the one that its provider was told.
        let attempts = spans.filter { $0.kind == 3 }
        #expect(provider.seen.map { $0.headers["traceparent"] } == attempts.map { "00-\(Self.id)-\($0.id)-01" })
        #expect(attempts.allSatisfy { $0.parent == own.id && $0.start >= own.start && $0.end <= own.end })
        #expect(attempts.map(\.name) == ["chat gpt-4o", "chat gpt-4o-mini-2024"] && attempts.map(\.status) == [2, nil])
        let common = [
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.stream": "false", "server.address": "127.0.0.1",
            "server.port": String(provider.port), "charter.decision": decision, "charter.usage.estimated": "false",
        ]
        #expect(attempts[0].attributes.all == common.merging([
            "gen_ai.request.model": "gpt-4o", "http.response.status_code": "503", "error.type": "503", "charter.attempt": "1",
            "charter.model": "openai/gpt-4o", "charter.outcome": "failed", "charter.cost.nano_usd": "0",
        ]) { $1 })
        #expect(attempts[1].attributes.all == common.merging([
            "gen_ai.request.model": "gpt-4o-mini-2024", "gen_ai.response.model": "gpt-4o-mini-2024-07-18", "http.response.status_code": "200",
            "gen_ai.usage.input_tokens": "30", "gen_ai.usage.output_tokens": "20", "gen_ai.usage.cache_read.input_tokens": "8",
            "charter.attempt": "2", "charter.model": "openai/gpt-4o-mini", "charter.outcome": "served", "charter.cost.nano_usd": "70000",
        ]) { $1 })
        let row = try #require(try platform.ledger(rows: 2).first { $0.attempt == 2 })
        #expect(row.cost == 70000 && row.decision == decision)
        #expect(collector.messages("/v1/traces").allSatisfy { $0.method == "POST" && $0.headers["content-type"] == "application/json" })
        let resource = try collector.resource("/v1/traces")
        #expect(resource["service.version"] == GatewayVersion.current && resource["service.instance.id"]?.count == 36)
    }

    @Test func `a stream tells when its first piece came, and who answers`() throws {
        let collector = try TestCollector()
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            exchange.write(Array("data: {\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n".utf8))
            exchange.endStream()
        }
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.export(to: collector.port) })
        #expect(try TestClient(port: platform.port).chat(stream: true).events.last == "[DONE]")
        let attempt = try #require(try collector.spans(2).first { $0.kind == 3 })
        #expect(attempt.attributes["gen_ai.request.stream"] == "true" && attempt.attributes["gen_ai.response.model"] == "gpt-4o-2024-08-06")
        let first = try #require(attempt.attributes["gen_ai.response.time_to_first_chunk"].flatMap { Double($0) })
        #expect(first > 0 && Int64(first * 1e9) <= attempt.end - attempt.start)
    }

    @Test func `a refusal is one span with its code and rule, and names no model that nobody has`() throws {
        let collector = try TestCollector()
        let platform = try Platform(
            [StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  models: { deny: [groq/llama] }\n")],
            configure: { $0.export(to: collector.port) })
        let client = TestClient(port: platform.port)
        #expect(try client.chat("groq/llama").status == 403)
        #expect(try client.chat("my password is hunter2").status == 404)
        #expect(try client.chat(key: "wrong").status == 401)
        let spans = try collector.spans(3)
        #expect(spans.map { $0.attributes["http.response.status_code"] } == ["403", "404", "401"])
        #expect(spans.map { $0.attributes["charter.error.code"] } == ["model_not_allowed", "model_not_found", "invalid_api_key"])
        #expect(spans[0].attributes["charter.rule"]?.hasPrefix("orgs/acme/keys.yaml:") == true)
        #expect(spans.map { $0.attributes["charter.key"] } == ["main", "main", nil])
        // A client's mistakes are no failures of a server.
        #expect(spans.allSatisfy { $0.status == nil && $0.attributes["error.type"] == nil && $0.parent == nil })
        #expect(!collector.text.contains("hunter2"))
    }

    @Test func `what a server fails at is an error of its span`() throws {
        let collector = try TestCollector()
        let provider = try ScriptedProvider { exchange, _, _ in exchange.reset() }
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.export(to: collector.port) })
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 502)
        let spans = try collector.spans(2)
        let own = try #require(spans.first { $0.kind == 2 })
        #expect(own.status == 2 && own.attributes["error.type"] == "upstream_error" && own.attributes["http.response.status_code"] == "502")
        let attempt = try #require(spans.first { $0.kind == 3 })
        #expect(attempt.status == 2 && attempt.attributes["error.type"] == "closed_before_answer" && attempt.attributes["http.response.status_code"] == nil)
    }

    @Test func `each request of a batch has a span`() throws {
        let collector = try TestCollector()
        let platform = try Platform(configure: { $0.export(to: collector.port) })
        let one = #"{"endpoint":"chat","body":{"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}}"#
        let answer = try TestClient(port: platform.port).send("POST", "/api/v1/batch", body: #"{"requests":[\#(one),\#(one)]}"#)
        #expect(answer.status == 200, "\(answer.text)")
        let own = try collector.spans(4).filter { $0.kind == 2 }
        #expect(own.map(\.name) == ["POST /api/v1/batch", "POST /api/v1/batch"] && Set(own.map(\.trace)).count == 2)
    }

    @Test func `a client that leaves is no failure of its provider`() throws {
        let collector = try TestCollector()
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            exchange.writePiece("a")
        }
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.export(to: collector.port) })
        let connection = try TestClient(port: platform.port).open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"one"}]}"#)
        try connection.receive(until: "data: ")
        connection.reset()
        _ = consume connection
        let spans = try collector.spans(2)
        let attempt = try #require(spans.first { $0.kind == 3 })
        #expect(attempt.attributes["charter.outcome"] == "abandoned" && attempt.status == nil && attempt.attributes["charter.usage.estimated"] == "true")
        #expect(spans.first { $0.kind == 2 }?.status == nil)
    }

    @Test func `only sampled traces have spans, and providers are told which are`() throws {
        let collector = try TestCollector()
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let platform = try Platform(
            beside: { StandardConfiguration.providers(provider.port, $0) },
            configure: { $0.export(to: collector.port) { $0.sampler = TraceSampler(name: "parentbased_traceidratio", argument: "0")! } })
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        #expect(try client.chat(headers: ["traceparent": "00-\(Self.id)-\(Self.parent)-00"]).status == 200)
        #expect(try client.chat(headers: ["traceparent": Self.traceparent]).status == 200)
        #expect(provider.seen.map { $0.headers["traceparent"]?.suffix(2) } == ["00", "00", "01"])
        #expect(try collector.spans(2).count == 2)
        platform.stopGateway()
        // The third alone, even when the rest has been sent.
        #expect(try collector.spans().map(\.trace) == [Self.id, Self.id])
    }
}
