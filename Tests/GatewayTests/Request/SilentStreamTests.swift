import Foundation
import Gateway
import HTTP
import TestKit
import Testing

/// What a client of a stream sees while its provider thinks.
@Suite struct SilentStreamTests {
    private func platform(
        _ provider: ScriptedProvider, _ files: [String: String] = [:], silence: Duration = .milliseconds(100)
    ) throws -> Platform {
        try Platform(files, beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.silenceMax = silence })
    }

    @Test func `comments come while the provider thinks, and the answer after them`() throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.beginStream()
            loop.schedule(after: .milliseconds(900)) {
                exchange.writePiece("a")
                loop.schedule(after: .milliseconds(400)) { exchange.endStream() }
            }
        }
        let silence = Duration.milliseconds(100)
        let platform = try platform(provider, silence: silence)
        let begun = ContinuousClock.now
        let answer = try TestClient(port: platform.port).chat(stream: true)
        let taken = ContinuousClock.now - begun
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/event-stream")
        #expect(answer.headers["cache-control"] == "no-cache")
        let blocks = answer.text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
        let comments = blocks.filter { $0 == ": keep-alive" }
        // No more of them than there was time for, however long the machine took.
        #expect((3...Int(taken / silence) + 1).contains(comments.count), "\(answer.text)")
        #expect(blocks.first == ": keep-alive")
        #expect(answer.events.count == 3)
        #expect(answer.events.last == "[DONE]")
        #expect(try platform.outcomes(rows: 1) == ["served"])
    }

    @Test func `no comment comes to a stream that is never silent`() throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.beginStream()
            func write(_ left: Int) {
                guard left > 0 else { return exchange.endStream() }
                exchange.writePiece("a")
                loop.schedule(after: .milliseconds(10)) { write(left - 1) }
            }
            write(40)
        }
        // Far enough from the pace that a busy machine makes no silence.
        let platform = try platform(provider, silence: .seconds(2))
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(!answer.text.contains("keep-alive"))
        #expect(answer.events.count == 42)
    }

    @Test func `another target answers in a stream that has begun with comments`() throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.beginStream()
            exchange.write(Array("data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}\n\n".utf8))
            loop.schedule(after: .milliseconds(350)) { exchange.reset() }
        }
        let route = StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]")
        let platform = try platform(provider, ["routes.yaml": route])
        let answer = try TestClient(port: platform.port).chat("assistant", stream: true)
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix(": keep-alive\n\n"))
        // One stream and no trace of the first.
        #expect(answer.text.components(separatedBy: #""role":"assistant""#).count == 2)
        #expect(answer.events.last == "[DONE]")
        #expect(answer.isWhole)
        let rows = try platform.ledger(rows: 2)
        #expect(rows.map(\.model) == ["openai/gpt-4o", "groq/llama"])
        #expect(try platform.outcomes(rows: 2) == ["failed: truncated answer", "served"])
    }

    @Test(arguments: [500, 429, 400]) func `a refusal after comments is the stream's last event`(status: Int) throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            loop.schedule(after: .milliseconds(350)) { exchange.refuse(status) }
        }
        let platform = try platform(provider)
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix(": keep-alive\n\n"))
        #expect(answer.isWhole)
        let last = answer.text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.last ?? ""
        let expected = [500: #""code":"upstream_error""#, 429: #""code":"upstream_rate_limited""#, 400: #"data: {"error":{"message":"no"}}"#]
        #expect(last.contains(expected[status] ?? "?"), "\(answer.text)")
        #expect(!answer.text.contains("[DONE]"))
        #expect(try platform.ledger(rows: 1)[0].status == Int64(status))
    }

    @Test func `a client that leaves before any content stops the provider`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.beginStream() }
        let platform = try platform(provider)
        var connection: TestConnection? = try TestClient(port: platform.port).open(
            "POST", "/v1/chat/completions", body: #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"x"}]}"#)
        try connection?.receive(until: ": keep-alive")
        connection = nil
        #expect(try platform.ledger(rows: 1)[0].status == 499)
        #expect(try platform.outcomes(rows: 1) == ["abandoned"])
    }
}
