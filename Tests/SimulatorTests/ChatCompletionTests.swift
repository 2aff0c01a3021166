import Foundation
import Testing

@testable import Simulator

struct ChatCompletionTests {
    @Test func `has every member of OpenAI's shape`() throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(headers: ["x-request-id": "abc"])
        #expect(reply.status == 200)
        #expect(reply.headers["content-type"] == "application/json")
        #expect(reply.headers["x-request-id"] == "abc")
        let json = try reply.json()
        #expect(Set(json.keys) == ["id", "object", "created", "model", "system_fingerprint", "choices", "usage"])
        #expect((json["id"] as? String)?.hasPrefix("chatcmpl-") == true)
        #expect(json["object"] as? String == "chat.completion")
        #expect(json["model"] as? String == "gpt-4o")
        #expect(abs((json["created"] as? Double ?? 0) - Date().timeIntervalSince1970) < 30)
        let choice = try reply.choices()[0]
        #expect(choice["index"] as? Int == 0)
        #expect(choice["finish_reason"] as? String == "stop")
        #expect(choice["logprobs"] is NSNull)
        let message = object(choice["message"])
        #expect(message["role"] as? String == "assistant")
        #expect(message["refusal"] is NSNull)
    }

    @Test func `counts words as tokens`() throws {
        let provider = try RunningProvider()
        let reply = try provider.client().post(
            "/v1/chat/completions",
            #"""
            {"model":"m","messages":[{"role":"system","content":" Be  kind.\nAlways. "},{"role":"assistant","content":null},
            {"role":"user","content":[{"type":"text","text":"two words"},{"type":"image_url","image_url":{"url":"data:a b c"}},
            {"type":"text","text":"\u0020über\tall\\n "}]}]}
            """#)
        let usage = try reply.usage()
        #expect(usage["prompt_tokens"] as? Int == 3 + 2 + 2)
        let completion = try #require(usage["completion_tokens"] as? Int)
        #expect(completion == wordCount(try reply.content()))
        #expect(usage["total_tokens"] as? Int == 7 + completion)
        #expect(object(usage["prompt_tokens_details"])["cached_tokens"] as? Int == 0)
        #expect(object(usage["completion_tokens_details"])["reasoning_tokens"] as? Int == 0)
    }

    @Test func `the seed and the prompt decide the text, nothing else does`() throws {
        let one = try RunningProvider { $0.seed = 1 }
        let same = try RunningProvider { $0.seed = 1 }
        let other = try RunningProvider { $0.seed = 2 }
        let content = try one.chat().content()
        #expect(try one.chat(#""temperature":0.5,"user":"u""#).content() == content)
        #expect(try same.chat().content() == content)
        #expect(try other.chat().content() != content)
        #expect(try one.chat(text: "Another question").content() != content)
        #expect(try one.chat(#""stream":true"#).streamedContent() == content)
    }

    @Test(arguments: [#""max_tokens":3"#, #""max_completion_tokens":3"#, #""max_tokens":9,"max_completion_tokens":3"#])
    func `honours the limit on tokens`(members: String) throws {
        let provider = try RunningProvider { $0.tokens = 50 }
        let reply = try provider.chat(members)
        #expect(wordCount(try reply.content()) == 3)
        #expect(try reply.usage()["completion_tokens"] as? Int == 3)
        #expect(try reply.choices()[0]["finish_reason"] as? String == "length")
    }

    @Test func `gives as many choices as asked for and counts all of them`() throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(#""n":3"#)
        let contents = try (0..<3).map(reply.content)
        #expect(Set(contents).count == 3)
        #expect(try reply.choices().map { $0["index"] as? Int } == [0, 1, 2])
        #expect(try reply.usage()["completion_tokens"] as? Int == contents.reduce(0) { $0 + wordCount($1) })
    }

    @Test(arguments: [#""stop":" ""#, #""stop":["never there"," "]"#])
    func `stops at a stop sequence`(members: String) throws {
        let provider = try RunningProvider()
        let reply = try provider.chat(members)
        #expect(wordCount(try reply.content()) == 1)
        #expect(try reply.usage()["completion_tokens"] as? Int == 1)
        #expect(try reply.choices()[0]["finish_reason"] as? String == "stop")
    }

    @Test func `serves many requests on one connection`() throws {
        let provider = try RunningProvider()
        let client = try provider.client()
        for _ in 0..<20 { #expect(try client.post("/v1/chat/completions", chatBody()).status == 200) }
        #expect(try provider.log().count == 20)
    }

    @Test func `several loops share one port`() throws {
        let provider = try RunningProvider { $0.loops = 3 }
        for _ in 0..<30 { #expect(try provider.chat().status == 200) }
        #expect(try provider.log().count == 30)
    }
}
