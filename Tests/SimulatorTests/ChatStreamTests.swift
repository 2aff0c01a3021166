import Foundation
import Testing

@testable import Simulator

struct ChatStreamTests {
    @Test func `begins with the role, ends with the finish reason and the end marker`() throws {
        let provider = try RunningProvider { $0.tokens = 4 }
        let reply = try provider.chat(#""stream":true"#)
        #expect(reply.status == 200)
        #expect(reply.headers["content-type"] == "text/event-stream; charset=utf-8")
        #expect(reply.headers["transfer-encoding"] == "chunked")
        #expect(reply.events.last == "[DONE]")
        let chunks = try reply.chunks()
        #expect(chunks.count == 1 + 4 + 1)
        for chunk in chunks {
            #expect(Set(chunk.keys) == ["id", "object", "created", "model", "system_fingerprint", "choices"])
            #expect(chunk["object"] as? String == "chat.completion.chunk")
            #expect(chunk["model"] as? String == "gpt-4o")
            #expect(chunk["id"] as? String == chunks[0]["id"] as? String)
        }
        let choices = chunks.map { list($0["choices"])[0] }
        #expect(object(choices[0]["delta"])["role"] as? String == "assistant")
        #expect(object(choices[0]["delta"])["content"] as? String == "")
        #expect(choices.dropLast().allSatisfy { $0["finish_reason"] is NSNull })
        #expect(choices[5]["finish_reason"] as? String == "stop")
        #expect(object(choices[5]["delta"]).isEmpty)
        #expect(choices[1...4].allSatisfy { wordCount(object($0["delta"])["content"] as? String ?? "") == 1 })
    }

    @Test func `gives the usage in a last chunk without choices when asked`() throws {
        let provider = try RunningProvider { $0.tokens = 4 }
        let reply = try provider.chat(#""stream":true,"stream_options":{"include_usage":true}"#)
        let chunks = try reply.chunks()
        #expect(chunks.count == 1 + 4 + 1 + 1)
        #expect(chunks.dropLast().allSatisfy { $0["usage"] is NSNull })
        #expect(list(chunks[6]["choices"]).isEmpty && chunks[6]["choices"] is [Any])
        let usage = object(chunks[6]["usage"])
        #expect(usage["prompt_tokens"] as? Int == 3)
        #expect(usage["completion_tokens"] as? Int == 4)
        #expect(usage["total_tokens"] as? Int == 7)
        #expect(reply.events.last == "[DONE]")
    }

    @Test func `says nothing of usage when not asked`() throws {
        let provider = try RunningProvider()
        for members in [
            #""stream":true"#, #""stream":true,"stream_options":{"include_usage":false}"#,
            #""stream":true,"stream_options":null"#,
        ] {
            #expect(!(try provider.chat(members).text.contains("usage")))
        }
    }

    @Test func `streams several choices, each the text that a plain answer has`() throws {
        let provider = try RunningProvider()
        let plain = try provider.chat(#""n":3"#)
        let stream = try provider.chat(#""n":3,"stream":true,"stream_options":{"include_usage":true}"#)
        for choice in 0..<3 { #expect(try stream.streamedContent(choice) == plain.content(choice)) }
        let chunks = try stream.chunks()
        let finished = chunks.flatMap { list($0["choices"]) }.filter { $0["finish_reason"] is String }
        #expect(finished.compactMap { $0["index"] as? Int } == [0, 1, 2])
        let usage = object(chunks.last?["usage"])["completion_tokens"] as? Int
        #expect(try usage == plain.usage()["completion_tokens"] as? Int)
    }

    @Test func `a stream limited to no tokens has none and still ends properly`() throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(#""stream":true,"max_tokens":0"#)
        #expect(try reply.streamedContent() == "")
        #expect(try reply.chunks().count == 2)
        #expect(reply.events.last == "[DONE]")
    }

    @Test func `the connection serves the next request after a stream`() throws {
        let provider = try RunningProvider()
        let client = try provider.client()
        for _ in 0..<5 {
            let reply = try client.post("/v1/chat/completions", chatBody(#""stream":true"#))
            #expect(reply.ending == .whole && reply.events.last == "[DONE]")
        }
    }
}
