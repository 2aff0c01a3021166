import Foundation
import Testing

@testable import Simulator

struct ToolCallTests {
    private let weather = #"{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1,"maximum":7}},"required":["city"]}}}"#
    private let time = #"{"type":"function","function":{"name":"time"}}"#

    private func calls(_ reply: Reply) throws -> [[String: Any]] { list(object(try reply.choices()[0]["message"])["tool_calls"]) }

    private func arguments(_ text: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    @Test func `calls the first tool with arguments that fit its parameters`() throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(#""tools":[\#(weather),\#(time)]"#)
        let choice = try reply.choices()[0]
        #expect(choice["finish_reason"] as? String == "tool_calls")
        #expect(object(choice["message"])["content"] is NSNull)
        let call = try #require(try calls(reply).first)
        #expect(call["type"] as? String == "function")
        #expect((call["id"] as? String)?.hasPrefix("call_") == true)
        let function = object(call["function"])
        #expect(function["name"] as? String == "weather")
        let text = try #require(function["arguments"] as? String)
        let given = try arguments(text)
        #expect(given["city"] is String)
        #expect((1...7).contains(given["days"] as? Int ?? 0))
        #expect(try reply.usage()["completion_tokens"] as? Int == wordCount(text) + 1)
    }

    @Test func `streams the same call in pieces that say which call they belong to`() throws {
        let provider = try RunningProvider()
        let plain = try provider.chat(#""tools":[\#(weather)]"#)
        let stream = try provider.chat(#""tools":[\#(weather)],"stream":true,"stream_options":{"include_usage":true}"#)
        let chunks = try stream.chunks()
        let pieces = chunks.flatMap { list($0["choices"]) }.flatMap { list(object($0["delta"])["tool_calls"]) }
        #expect(pieces.count > 2)
        #expect(pieces.allSatisfy { $0["index"] as? Int == 0 })
        #expect(object(pieces[0]["function"])["name"] as? String == "weather")
        let text = pieces.compactMap { object($0["function"])["arguments"] as? String }.joined()
        #expect(try text == object(calls(plain)[0]["function"])["arguments"] as? String)
        #expect(object(chunks.last?["usage"])["completion_tokens"] as? Int == pieces.count)
        #expect(list(chunks[chunks.count - 2]["choices"])[0]["finish_reason"] as? String == "tool_calls")
        #expect(try provider.log().map(\.completionTokens) == [pieces.count, pieces.count])
    }

    @Test func `calls each tool once, then answers in words`() throws {
        let provider = try RunningProvider()
        let tools = #""tools":[\#(weather),\#(time)]"#
        func ask(called: [String]) throws -> Reply {
            let turns = called.map {
                #"{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"\#($0)","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"fine"}"#
            }
            let messages = ([#"{"role":"user","content":"Hello"}"#] + turns).joined(separator: ",")
            return try provider.client().post("/v1/chat/completions", #"{"model":"m","messages":[\#(messages)],\#(tools)}"#)
        }
        #expect(try object(calls(ask(called: ["weather"]))[0]["function"])["name"] as? String == "time")
        let last = try ask(called: ["weather", "time"])
        #expect(try calls(last).isEmpty && !last.content().isEmpty)
    }

    @Test func `obeys the choice of a tool`() throws {
        let provider = try RunningProvider()
        let tools = #""tools":[\#(weather),\#(time)],"tool_choice":"#
        #expect(try calls(provider.chat(tools + #""none""#)).isEmpty)
        let named = try provider.chat(tools + #"{"type":"function","function":{"name":"time"}}"#)
        let function = object(try calls(named)[0]["function"])
        #expect(function["name"] as? String == "time")
        #expect(function["arguments"] as? String == "{}")
        #expect(try provider.chat(tools + #"{"type":"function","function":{"name":"other"}}"#).status == 400)
    }

    @Test func `a call that the limit cuts short ends by its length`() throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(#""tools":[\#(weather)],"max_tokens":1"#)
        #expect(try reply.choices()[0]["finish_reason"] as? String == "length")
        #expect(try object(calls(reply)[0]["function"])["arguments"] as? String == "{\"city\":")
    }
}
