import Foundation
import HTTP
import Policy
import Spec
import Testing

@testable import Gateway

@Suite struct AnswerNormalizerTests {
    private static func normalizer(_ endpoint: Endpoint = .chatCompletions) -> AnswerNormalizer {
        AnswerNormalizer(endpoint: endpoint, decision: "d1", created: 7, model: "m")
    }

    private static let identity = #""id":"a","object":"chat.completion.chunk","created":1,"model":"b""#
    private static let made = #""id":"chatcmpl-d1","object":"chat.completion.chunk","created":7,"model":"m""#

    /// What the client gets of these events, cut after every `size` bytes.
    private func relayed(_ events: [String], size: Int = .max, wantsUsage: Bool = false, _ endpoint: Endpoint = .chatCompletions) -> [String] {
        var relay = StreamRelay(wantsUsage: wantsUsage, decision: "d1", normalizer: Self.normalizer(endpoint))
        let bytes = Array(events.map { "data: \($0)\n\n" }.joined().utf8)
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: min(size, bytes.count)) {
            bytes[start..<min(start + min(size, bytes.count), bytes.count)].withUnsafeBytes { relay.feed($0) { _, _ in .zero } }
            output += relay.takeOutput()
        }
        return String(decoding: output, as: UTF8.self).split(separator: "\n\n").map { String($0.dropFirst(6)) }
    }

    private static func chunk(_ choice: String) -> String { #"{\#(identity),"choices":[\#(choice)]}"# }

    static let chunks: [(given: String, wanted: String)] = [
        (#"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#, #"{"choices":[{"index":0,"delta":{"content":"a"}}],\#(made)}"#),
        (#"{"id":null,"choices":[],"object":"x","model":"b"}"#, #"{"id":"chatcmpl-d1","choices":[],"object":"x","model":"b","created":7}"#),
        (#"{\#(identity),"x_groq":{}}"#, #"{\#(identity),"x_groq":{},"choices":[]}"#),
        (#"{\#(identity),"choices":null}"#, #"{\#(identity),"choices":[]}"#),
        (chunk(#"{"delta":{"content":"a"}},{"delta":{}}"#), chunk(#"{"delta":{"content":"a"},"index":0},{"delta":{},"index":1}"#)),
        (chunk(#"{"index":0,"delta":{},"finish_reason":"eos"}"#), chunk(#"{"index":0,"delta":{},"finish_reason":"stop"}"#)),
        (chunk(#"{"index":0,"delta":{},"finish_reason":"MAX_TOKENS"}"#), chunk(#"{"index":0,"delta":{},"finish_reason":"length"}"#)),
        (chunk(#"{"index":0,"delta":{},"finish_reason":"tool_use"}"#), chunk(#"{"index":0,"delta":{},"finish_reason":"tool_calls"}"#)),
        (chunk(#"{"index":0,"delta":{},"finish_reason":"SAFETY"}"#), chunk(#"{"index":0,"delta":{},"finish_reason":"content_filter"}"#)),
        (chunk(#"{"index":0,"delta":{"content":"a"},"finish_reason":""}"#), chunk(#"{"index":0,"delta":{"content":"a"},"finish_reason":null}"#)),
        (chunk(#"{"delta":{"tool_calls":[{"id":"t","function":{"name":"f","arguments":""}}]},"finish_reason":"end_turn"}"#),
            chunk(#"{"delta":{"tool_calls":[{"id":"t","function":{"name":"f","arguments":""},"index":0}]},"finish_reason":"stop","index":0}"#)),
    ]

    @Test(arguments: chunks) func `completes what a chunk lacks, and leaves the rest as it is`(given: String, wanted: String) {
        #expect(relayed([given, "[DONE]"]) == [wanted, "[DONE]"])
    }

    @Test(arguments: [
        chunk(#"{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}"#),
        chunk(#"{ "finish_reason" : "stop", "index":0, "delta":{"tool_calls":[{"index":1,"id":"t"}]}}"#), chunk(""),
        #"{"model":"b","created":1.5,"object":"other","id":"","choices":[]}"#, "not JSON", "[1]",
    ])
    func `passes byte for byte what is whole, and what cannot be read`(event: String) {
        #expect(relayed([event]) == [event])
    }

    @Test func `numbers the pieces of tool calls by what only their first pieces have`() {
        func piece(_ members: String, choice: Int = 0) -> String {
            Self.chunk(#"{"index":\#(choice),"delta":{"tool_calls":[{\#(members)}]}}"#)
        }
        let events = [
            piece(#""id":"one","function":{"name":"f","arguments":""}"#), piece(#""function":{"arguments":"{}"}"#),
            piece(#""id":"two","function":{"name":"g"}"#), piece(#""id":"two","function":{"arguments":"{}"}"#),
            piece(#""function":{"name":"h","arguments":"{}"}"#), piece(#""id":"","function":{"name":"","arguments":" "}"#),
            piece(#""id":"one","function":{"name":"f"}"#, choice: 1),
        ]
        let numbers = relayed(events).map { $0.digit(behindLast: #""index":"#) }
        #expect(numbers == ["0", "0", "1", "1", "2", "2", "0"])
    }

    @Test func `pieces without a number belong to the call that was named last, by whatever named it`() {
        func piece(_ members: String) -> String { Self.chunk(#"{"index":0,"delta":{"tool_calls":[{\#(members)}]}}"#) }
        let events = [
            piece(#""index":0,"id":"one","type":"function","function":{"name":"f","arguments":""}"#), piece(#""function":{"arguments":"{}"}"#),
            piece(#""index":1,"id":"two","type":"function","function":{"name":"g","arguments":""}"#), piece(#""function":{"arguments":"{}"}"#),
            piece(#""index":1,"id":"","function":{"arguments":" "}"#), piece(#""id":"two","function":{"arguments":" "}"#),
            piece(#""id":"three","function":{"name":"h","arguments":""}"#),
        ]
        let relayed = relayed(events)
        #expect(relayed.map { $0.digit(behindLast: #""index":"#) } == ["0", "0", "1", "1", "1", "1", "2"])
        for whole in [0, 2, 4] { #expect(relayed[whole] == events[whole]) }
    }

    @Test func `several calls in one chunk are several calls`() {
        let given = Self.chunk(#"{"index":0,"delta":{"tool_calls":[{"id":"one","function":{"name":"f"}},{"id":"two","function":{"name":"g"}}]}}"#)
        let wanted = Self.chunk(#"{"index":0,"delta":{"tool_calls":[{"id":"one","function":{"name":"f"},"index":0},{"id":"two","function":{"name":"g"},"index":1}]}}"#)
        #expect(relayed([given]) == [wanted])
    }

    @Test func `completes the chunk that tells the usage, and one whose usage is hidden`() {
        let usage = #""usage":{"prompt_tokens":3,"completion_tokens":2}"#
        #expect(relayed([#"{\#(Self.identity),\#(usage)}"#], wantsUsage: true)
            == [#"{\#(Self.identity),\#(usage),"choices":[],"charter":{"cost_usd":"0","decision":"d1"}}"#])
        #expect(relayed([#"{\#(usage),"choices":[{"delta":{"content":"a"}}]}"#])
            == [#"{"choices":[{"delta":{"content":"a"},"index":0}],\#(Self.made)}"#])
    }

    @Test func `it does not matter where a stream is cut`() {
        let events = Self.chunks.map(\.given) + ["[DONE]"]
        let whole = relayed(events)
        for size in [1, 2, 3, 5, 7, 11, 64] { #expect(relayed(events, size: size) == whole) }
    }

    @Test func `an empty finish reason does not end a stream`() {
        var relay = StreamRelay(wantsUsage: false, decision: "", normalizer: Self.normalizer())
        Array("data: \(Self.chunk(#"{"index":0,"delta":{"content":"a"},"finish_reason":""}"#))\n\n".utf8).withUnsafeBytes { relay.feed($0) { _, _ in .zero } }
        #expect(relay.hasContent && !relay.isComplete)
    }

    @Test func `text completions have a shape of their own`() {
        #expect(relayed([#"{"choices":[{"text":"a","index":0,"finish_reason":null}]}"#], .completions)
            == [#"{"choices":[{"text":"a","index":0,"finish_reason":null}],"id":"cmpl-d1","object":"text_completion","created":7,"model":"m"}"#])
    }

    private func completed(_ answer: String, _ endpoint: Endpoint = .chatCompletions) throws -> String? {
        try Array(answer.utf8).withUnsafeBytes { bytes in
            Self.normalizer(endpoint).completed(try JSONScan(bytes)).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test func `completes a plain answer`() throws {
        let given = #"{"choices":[{"message":{"content":"a"},"finish_reason":"eos"}],"usage":{}}"#
        #expect(try completed(given)
            == #"{"choices":[{"message":{"content":"a","role":"assistant"},"finish_reason":"stop","index":0}],"usage":{},"id":"chatcmpl-d1","object":"chat.completion","created":7,"model":"m"}"#)
        #expect(try completed(#"{\#(Self.identity),"choices":[{"index":0,"message":{"role":"assistant"},"finish_reason":""}]}"#)?.contains(#""finish_reason":"stop""#) == true)
    }

    @Test(arguments: [
        (#""message":{"role":"assistant","content":"a"}"#, "stop"), (#""finish_reason":null,"message":{"role":"assistant","content":"a"}"#, "stop"),
        (#""message":{"role":"assistant","tool_calls":[{"id":"t"}]}"#, "tool_calls"), (#""message":{"role":"assistant","tool_calls":[]}"#, "stop"),
    ])
    func `a plain answer has come to its end, whether it says so or not`(members: String, reason: String) throws {
        let completed = try #require(try completed(#"{\#(Self.identity),"choices":[{"index":0,\#(members)}]}"#))
        #expect(completed.components(separatedBy: #""finish_reason":"\#(reason)""#).count == 2)
        #expect(!completed.contains("null"))
    }

    @Test(arguments: [
        #"{\#(identity),"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t"}]},"finish_reason":"tool_calls"}]}"#,
        #"{"object":"list"}"#, #"{"error":{"message":"no"}}"#,
    ])
    func `leaves a plain answer alone that is whole, or is none`(answer: String) throws {
        #expect(try completed(answer) == nil)
        #expect(try completed(#"{"data":[],"choices":[]}"#, .embeddings) == nil)
    }
}

extension String {
    /// The digit behind the last occurrence of `text`.
    fileprivate func digit(behindLast text: String) -> String? {
        var rest = self[...]
        var found: String?
        while let range = rest.firstRange(of: text) {
            rest = rest[range.upperBound...]
            found = String(rest.prefix(1))
        }
        return found
    }
}
