import Foundation
import Testing

@testable import Simulator

struct OddityTests {
    private let tools = #""tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}]"#
    private let withUsage = #""stream":true,"stream_options":{"include_usage":true}"#

    private func chat(_ oddity: String, _ members: String = "") throws -> Reply {
        try RunningProvider { $0.tokens = 12 }.chat(members, headers: ["x-simulate-oddity": oddity])
    }

    @Test func `leaves out what lesser providers leave out`() throws {
        let usage = try #require(try chat("usage-without-choices", withUsage).chunks().last)
        #expect(usage["choices"] == nil && usage["usage"] is [String: Any])
        let pieces = try chat("calls-without-index", withUsage + "," + tools).chunks()
            .flatMap { list($0["choices"]) }.flatMap { list(object($0["delta"])["tool_calls"]) }
        #expect(pieces.count > 1 && pieces.allSatisfy { $0["index"] == nil })
        #expect(try chat("choices-without-index").choices()[0]["index"] == nil)
        let bare = try chat("no-identity, choices-without-index", #""stream":true"#).chunks()
        #expect(bare.allSatisfy { Set($0.keys) == ["choices"] })
        #expect(bare.flatMap { list($0["choices"]) }.allSatisfy { $0["index"] == nil })
        #expect(try chat("no-usage").json()["usage"] == nil)
        #expect(try !chat("no-usage", withUsage).text.contains("usage"))
    }

    @Test func `says what lesser providers say`() throws {
        #expect(try chat("eos").choices()[0]["finish_reason"] as? String == "eos")
        #expect(try chat("eos", #""stream":true"#).chunks().last.map { list($0["choices"])[0]["finish_reason"] as? String } == "eos")
        let page = try chat("html")
        #expect(page.status == 200 && page.headers["content-type"] == "text/html" && page.text.hasPrefix("<!doctype"))
    }

    @Test func `puts eight words into an event, and counts each`() throws {
        let fat = try chat("fat-chunks", withUsage)
        let chunks = try fat.chunks()
        let contents = chunks.flatMap { list($0["choices"]) }.compactMap { object($0["delta"])["content"] as? String }.filter { !$0.isEmpty }
        #expect(contents.map(wordCount) == [8, 4])
        #expect(object(chunks.last?["usage"])["completion_tokens"] as? Int == 12)
        #expect(try contents.joined() == chat("eos").content())
    }

    @Test func `refuses an oddity that it does not know`() throws {
        let reply = try chat("eos,strange")
        #expect(reply.status == 400)
        #expect((try reply.error()["message"] as? String)?.contains("fat-chunks") == true)
    }
}
