import Gateway
import HTTP
import Synchronization
import TestKit
import Testing

/// What a client, a route and the log make of a provider's refusal: the same whether a status or an event of a stream tells it.
@Suite struct ProviderRefusalAnswerTests {
    private static let deadKey =
        #"{"error":{"message":"Incorrect API key provided: sk-ab***yz.","type":"invalid_request_error","code":"invalid_api_key"}}"#
    private static let tooLong =
        #"{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}"#

    /// Tells `error` by a status, or as an event when it is asked for a stream.
    private func provider(_ error: String, status: Int, isEvent: Bool, after: Int = 0) throws -> ScriptedProvider {
        try ScriptedProvider { exchange, _, _ in
            guard isEvent else {
                return exchange.respond(
                    ResponseHead(status: status, headers: ["content-type": "application/json"]), body: Array(error.utf8))
            }
            exchange.beginStream()
            for _ in 0..<after { exchange.writePiece("a") }
            exchange.write(Array("data: \(error)\n\n".utf8))
        }
    }

    private func platform(_ provider: ScriptedProvider, spec: String = "", breaker: String = "") throws -> Platform {
        let route = StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]")
        return try Platform(["routes.yaml": route + breaker], beside: { StandardConfiguration.providers(provider.port, $0, spec: spec) })
    }

    @Test(arguments: [true, false], [401, 400])
    func `a dead key of the provider's is nobody's fault but the gateway's`(_ isEvent: Bool, _ status: Int) throws {
        let provider = try provider(Self.deadKey, status: status, isEvent: isEvent)
        let platform = try platform(provider)
        let client = TestClient(port: platform.port)
        let alone = try client.chat(stream: isEvent)
        #expect(alone.status == 502)
        #expect(alone.json("error", "code") == "upstream_error")
        #expect(!alone.text.contains("sk-ab"), "no part of the key is told")
        // A route goes on to the next.
        let routed = try client.chat("assistant", stream: isEvent)
        #expect(routed.status == 200, "\(routed.text)")
        #expect(routed.headers["x-charter-model"] == "groq/llama")
        #expect(routed.headers["x-charter-attempts"] == "2")
        #expect(try platform.ledger(rows: 3).filter { $0.model == "openai/gpt-4o" }.allSatisfy { $0.cost == 0 })
        #expect(platform.log.contains("a provider refuses the gateway's credential"))
        #expect(!platform.log.contains("sk-ab"))
    }

    @Test(arguments: [true, false])
    func `an account of the gateway's without credit is left for the next, and logged`(_ isEvent: Bool) throws {
        let unpaid = #"{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","code":"insufficient_quota"}}"#
        let provider = try provider(unpaid, status: 429, isEvent: isEvent)
        let platform = try platform(provider)
        let client = TestClient(port: platform.port)
        let alone = try client.chat(stream: isEvent)
        #expect(alone.status == 502)
        #expect(alone.json("error", "code") == "upstream_error")
        #expect(alone.headers["x-should-retry"] == "false")
        #expect(alone.headers["retry-after"] == nil)
        #expect(try client.chat("assistant", stream: isEvent).headers["x-charter-model"] == "groq/llama")
        #expect(platform.log.contains("a provider refuses the gateway's credential"))
    }

    @Test(arguments: [true, false])
    func `a mistake of the client's is told in the provider's words and with its status`(_ isEvent: Bool) throws {
        let provider = try provider(Self.tooLong, status: 400, isEvent: isEvent)
        let platform = try platform(provider)
        let answer = try TestClient(port: platform.port).chat("assistant", stream: isEvent)
        #expect(answer.status == 400)
        #expect(answer.text == Self.tooLong)
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.headers["x-charter-attempts"] == "1", "what is wrong is wrong everywhere")
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.model == "openai/gpt-4o")
        #expect(row.status == 400)
        #expect(row.cost == 0)
    }

    @Test func `the same behind content ends the stream, and what came is paid`() throws {
        let provider = try provider(Self.tooLong, status: 400, isEvent: true, after: 3)
        let platform = try platform(provider)
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(answer.status == 200)
        #expect(answer.isWhole)
        #expect(answer.events.last == Self.tooLong)
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.output == 3)
        #expect(row.cost > 0)
        #expect(row.isEstimated)
    }

    @Test func `a dead key behind content is told without its words`() throws {
        let provider = try provider(Self.deadKey, status: 401, isEvent: true, after: 1)
        let platform = try platform(provider)
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(answer.events.last?.contains("upstream_error") == true)
        #expect(!answer.text.contains("sk-ab"))
    }

    @Test(arguments: [true, false])
    func `a model that the provider does not have is looked for elsewhere`(_ isEvent: Bool) throws {
        let missing = #"{"error":{"message":"The model does not exist","type":"invalid_request_error","code":"model_not_found"}}"#
        let provider = try provider(missing, status: 404, isEvent: isEvent)
        let platform = try platform(provider, spec: "  health: { ejection: { failures: 1, within: 30s, for: 1h } }\n")
        let client = TestClient(port: platform.port)
        for _ in 0..<2 {
            #expect(try client.chat("assistant", stream: isEvent).headers["x-charter-attempts"] == "2", "it speaks against no provider")
        }
        let alone = try client.chat(stream: isEvent)
        #expect(alone.status == 502)
        #expect(alone.json("error", "message")?.contains("does not exist") == true)
        #expect(platform.log.contains("a provider does not serve what is declared of it"))
    }

    @Test(arguments: [true, false])
    func `too many requests leave the model alone for a while`(_ isEvent: Bool) throws {
        let busy = #"{"error":{"message":"slow down","type":"rate_limit_error"}}"#
        let provider = try provider(busy, status: 429, isEvent: isEvent)
        let platform = try platform(provider, spec: "  health: { ejection: { failures: 1, within: 30s, for: 1h } }\n")
        let client = TestClient(port: platform.port)
        let alone = try client.chat(stream: isEvent)
        #expect(alone.status == 429)
        #expect(alone.json("error", "code") == "upstream_rate_limited")
        #expect(try client.chat("assistant", stream: isEvent).headers["x-charter-model"] == "groq/llama")
        #expect(try client.get("/readyz").text.contains(#""openai":"available""#), "it speaks against no provider")
    }

    @Test func `a provider that is tried again is well when it finds a mistake of the client's`() throws {
        let isWell = Mutex(false)
        let provider = try ScriptedProvider { exchange, _, _ in
            guard isWell.withLock({ $0 }) else { return exchange.refuse(500) }
            exchange.beginStream()
            exchange.write(Array("data: \(Self.tooLong)\n\n".utf8))
        }
        let platform = try platform(provider, breaker: "\n  breaker: { failures: 1, within: 30s, for: 1s }\n")
        let client = TestClient(port: platform.port)
        #expect(try client.chat("assistant", stream: true).headers["x-charter-attempts"] == "2")
        isWell.withLock { $0 = true }
        try eventually(within: .seconds(10), "it is tried again") { try client.chat("assistant", stream: true).status == 400 }
        // Taken back by that one, so each request comes to it.
        for _ in 0..<3 { #expect(try client.chat("assistant", stream: true).status == 400) }
        #expect(platform.log.contains("a route takes a target back"))
    }
}
