import HTTP
import Store
import TestKit
import Testing

@testable import Gateway

/// What providers tell of usage, and what the ledger keeps of it.
@Suite struct DoubtfulUsageTests {
    private struct Row: Hashable {
        var input: Int64
        var output: Int64
        var isEstimated: Bool
        var flags: UsageFlags
        var tags: String
    }

    private func platform(_ provider: ScriptedProvider) throws -> Platform {
        let groq = StandardConfiguration.provider("groq", 1)
        return try Platform([
            "providers.yaml": StandardConfiguration.provider("openai", provider.port) + "---\n" + groq,
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  tags: { team: search, stage: prod }\n"),
        ])
    }

    private func rows(_ platform: Platform, _ count: Int) throws -> [Row] {
        _ = try platform.ledger(rows: count)
        return try Connection(platform.database).transaction { transaction in
            try Ledger.recent(transaction, .everything, limit: count).reversed().map {
                Row(input: $0.input, output: $0.output, isEstimated: $0.estimated, flags: $0.flags, tags: $0.terms.tags)
            }
        }
    }

    private static let told: [(usage: String, flags: UsageFlags, output: Int64, isEstimated: Bool)] = [
        (#","usage":{"prompt_tokens":3,"completion_tokens":2}"#, [], 2, false), ("", .missing, 1, true),
        (#","usage":{"prompt_tokens":3,"completion_tokens":-2}"#, .negative, 1, true),
        (#","usage":{"prompt_tokens":3,"completion_tokens":9223372036854775808}"#, .tooLarge, 1, true),
        (#","usage":{"prompt_tokens":3,"completion_tokens":"2"}"#, .missing, 1, true),
        // Of a model that gives a thousand tokens at most, in a context of 128,000.
        (#","usage":{"prompt_tokens":3,"completion_tokens":4000000000}"#, .tooLarge, 1, true),
        (#","usage":{"prompt_tokens":513000,"completion_tokens":2}"#, .tooLarge, 1, true),
    ]

    @Test func `a plain answer's usage is believed or marked, and the key's tags stand beside it`() throws {
        let provider = try ScriptedProvider { exchange, number, _ in
            let usage = Self.told[number].usage
            exchange.respond(
                ResponseHead(status: 200, headers: ["content-type": "application/json"]),
                body: Array(#"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"a b"},"finish_reason":"stop"}]\#(usage)}"#.utf8))
        }
        let platform = try platform(provider)
        let client = TestClient(port: platform.port)
        for (index, told) in Self.told.enumerated() {
            #expect(try client.chat().status == 200)
            let row = try #require(try rows(platform, index + 1).last)
            #expect(row.flags == told.flags && row.output == told.output && row.isEstimated == told.isEstimated, "\(told.usage)")
            #expect(row.tags == #"{"team": "search", "stage": "prod"}"# || row.tags == #"{"stage": "prod", "team": "search"}"#)
        }
    }

    @Test(arguments: [
        // A long text, reasoning, and the arguments of a tool: 40 bytes each. Then 408 bytes without choices.
        (#"{"choices":[{"index":0,"message":{"role":"assistant","content":"@"},"finish_reason":"stop"}]}"#, 10),
        (#"{"choices":[{"index":0,"message":{"role":"assistant","content":"@","reasoning_content":"@"}},{"index":1,"message":{"content":"@"}}]}"#, 30),
        (#"{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_0000000000","type":"function","function":{"name":"","arguments":"@"}}]}}]}"#, 10),
        (#"{"choices":[{"text":"@","logprobs":{"tokens":["@"]}}]}"#, 10), (#"{"x":"@@@@@@@@@@"}"#, 102),
    ] as [(String, Int64)])
    func `an answer without usage is reckoned by its length`(answer: String, tokens: Int64) throws {
        let text = answer.replacing("@", with: String(repeating: "word ", count: 8))
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(text.utf8))
        }
        let platform = try platform(provider)
        #expect(try TestClient(port: platform.port).chat().status == 200)
        let row = try #require(try rows(platform, 1).last)
        #expect(row.output == tokens && row.isEstimated && row.flags == .missing)
    }

    @Test func `a stream of long pieces that is left or breaks off is reckoned by its length`() throws {
        let piece = #"data: {"choices":[{"index":0,"delta":{"content":"\#(String(repeating: "word ", count: 24))"},"finish_reason":null}]}"# + "\n\n"
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "text/event-stream"]), body: Array((piece + piece).utf8))
        }
        let platform = try platform(provider)
        #expect(try TestClient(port: platform.port).chat(stream: true).status == 200)
        let row = try #require(try rows(platform, 1).last)
        // Two events of 120 bytes.
        #expect(row.output == 60 && row.isEstimated && row.flags == .cut)
    }

    @Test func `a stream's usage is marked where it comes twice, late, or not at all`() throws {
        let piece = #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#
        let last = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
        func usage(_ output: Int) -> String { #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":\#(output)}}"# }
        let streams: [(events: [String], flags: UsageFlags, output: Int64, isEstimated: Bool)] = [
            ([piece, last, usage(4), "[DONE]"], [], 4, false), ([piece, last, usage(4), usage(6), "[DONE]"], .repeated, 6, false),
            ([piece, last, usage(4), "[DONE]", usage(900)], .afterDone, 4, false), ([piece, piece, last, "[DONE]"], .missing, 2, true),
            ([piece, piece, last, usage(1), "[DONE]"], .below, 1, false), ([piece, piece], .cut, 2, true),
            ([piece, piece, last, usage(4_000_000_000), "[DONE]"], .tooLarge, 2, true),
        ]
        let provider = try ScriptedProvider { exchange, number, _ in
            let text = streams[number].events.map { "data: \($0)\n\n" }.joined()
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "text/event-stream"]), body: Array(text.utf8))
        }
        let platform = try platform(provider)
        let client = TestClient(port: platform.port)
        for (index, stream) in streams.enumerated() {
            #expect(try client.chat(stream: true).status == 200)
            let row = try #require(try rows(platform, index + 1).last)
            #expect(row.flags == stream.flags && row.output == stream.output && row.isEstimated == stream.isEstimated, "\(stream.events)")
        }
    }
}
