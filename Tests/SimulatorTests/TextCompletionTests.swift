import Foundation
import Testing

@testable import Simulator

struct TextCompletionTests {
    private func complete(_ provider: RunningProvider, _ body: String) throws -> Reply {
        try provider.client().post("/v1/completions", body)
    }

    @Test func `has every member of OpenAI's shape`() throws {
        let provider = try RunningProvider()
        let reply = try complete(provider, #"{"model":"m","prompt":"one two three"}"#)
        let json = try reply.json()
        #expect(json["object"] as? String == "text_completion")
        #expect((json["id"] as? String)?.hasPrefix("cmpl-") == true)
        let choice = try reply.choices()[0]
        #expect(Set(choice.keys) == ["text", "index", "logprobs", "finish_reason"])
        #expect(try reply.usage()["prompt_tokens"] as? Int == 3)
        #expect(try reply.usage()["completion_tokens"] as? Int == wordCount(choice["text"] as? String ?? ""))
    }

    @Test func `streams the same text without a role`() throws {
        let provider = try RunningProvider()
        let plain = try complete(provider, #"{"model":"m","prompt":"one two three"}"#)
        let stream = try complete(
            provider, #"{"model":"m","prompt":"one two three","stream":true,"stream_options":{"include_usage":true}}"#)
        #expect(try stream.streamedContent() == plain.choices()[0]["text"] as? String)
        let chunks = try stream.chunks()
        #expect(chunks.allSatisfy { $0["object"] as? String == "text_completion" })
        #expect(
            try object(chunks.last?["usage"])["completion_tokens"] as? Int == plain.usage()["completion_tokens"] as? Int
        )
        #expect(list(chunks[chunks.count - 2]["choices"])[0]["finish_reason"] as? String == "stop")
    }

    @Test func `answers each of several prompts as often as asked`() throws {
        let provider = try RunningProvider()
        let reply = try complete(provider, #"{"model":"m","prompt":["a b","c"],"n":2,"max_tokens":4}"#)
        #expect(try reply.choices().map { $0["index"] as? Int } == [0, 1, 2, 3])
        #expect(try reply.usage()["prompt_tokens"] as? Int == 3)
        #expect(try reply.usage()["completion_tokens"] as? Int == 16)
    }

    @Test func `counts token ids as tokens`() throws {
        let provider = try RunningProvider()
        #expect(try complete(provider, #"{"model":"m","prompt":[1,2,3,4]}"#).usage()["prompt_tokens"] as? Int == 4)
        #expect(try complete(provider, #"{"model":"m","prompt":[[1,2],[3]]}"#).usage()["prompt_tokens"] as? Int == 3)
    }
}
