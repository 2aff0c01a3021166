import Gateway
import HTTP
import TestKit
import Testing

/// Streams that are read on when their client has left.
@Suite struct DrainTests {
    private static let body = #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"one two three"}]}"#

    private func platform(_ port: UInt16?, drain: String?) throws -> Platform {
        try Platform(beside: { groq in
            let openai = StandardConfiguration.provider("openai", port ?? groq)
            let drained = drain.map { openai.replacing("idle: 5s }", with: "idle: 5s, drain: \($0) }") } ?? openai
            return ["providers.yaml": drained + "---\n" + StandardConfiguration.provider("groq", groq)]
        })
    }

    private func leave(_ platform: Platform, after text: String, headers: [String: String] = [:]) throws {
        var connection: TestConnection? = try TestClient(port: platform.port).open(
            "POST", "/v1/chat/completions", body: Self.body, headers: headers)
        try connection?.receive(until: text)
        connection = nil
    }

    @Test func `a provider that is to be drained is heard out, and billed as it says`() throws {
        let platform = try platform(nil, drain: "1min")
        try leave(platform, after: "\"content\":", headers: ["x-simulate-pace": "20ms", "x-simulate-tokens": "40"])
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.status == 499 && row.output == 40 && !row.isEstimated)
    }

    @Test func `the drain has an end`() throws {
        let platform = try platform(nil, drain: "300ms")
        try leave(platform, after: "\"content\":", headers: ["x-simulate-pace": "50ms", "x-simulate-tokens": "1000"])
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.status == 499 && row.isEstimated && row.output < 500)
    }

    @Test func `usage that is all a stream lacks is waited for`() throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.begin(ResponseHead(status: 200, headers: ["content-type": "text/event-stream"]))
            exchange.write(Array(#"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#.utf8) + Array("\n\n".utf8))
            _ = loop.schedule(after: .milliseconds(300)) {
                exchange.write(Array(#"data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":900}}"#.utf8) + Array("\n\ndata: [DONE]\n\n".utf8))
                exchange.end()
            }
        }
        let platform = try platform(provider.port, drain: nil)
        try leave(platform, after: "finish_reason")
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.status == 499 && row.output == 900 && !row.isEstimated)
    }
}
