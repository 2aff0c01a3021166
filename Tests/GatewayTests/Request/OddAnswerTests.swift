import HTTP
import TestKit
import Testing

/// Answers of providers that are nearly OpenAI's.
@Suite struct OddAnswerTests {
    @Test(arguments: ["no-identity", "choices-without-index", "eos"])
    func `a plain answer is completed`(oddity: String) throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(headers: ["x-simulate-oddity": oddity])
        #expect(answer.status == 200)
        let decision = try #require(answer.headers["x-charter-decision"])
        let id = try #require(answer.json("id"))
        #expect(oddity == "no-identity" ? id == "chatcmpl-\(decision)" : id.hasPrefix("chatcmpl-sim"))
        #expect(answer.json("object") == "chat.completion" && answer.json("model") == "gpt-4o")
        #expect(Int(answer.json("created") ?? "") ?? 0 > 1_700_000_000)
        #expect(answer.json("choices", "0", "index") == "0")
        #expect(answer.json("choices", "0", "finish_reason") == "stop")
        #expect(try platform.ledger(rows: 1)[0].status == 200)
    }

    @Test func `a stream's chunks are completed, tool calls too, and name one answer at one time`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(
            stream: true, more: #","stream_options":{"include_usage":true},"tools":[{"type":"function","function":{"name":"f"}}]"#,
            headers: ["x-simulate-oddity": "no-identity,choices-without-index,calls-without-index,eos,usage-without-choices"])
        let events = answer.events
        #expect(events.last == "[DONE]")
        let chunks = events.dropLast()
        #expect(chunks.count > 3)
        let decision = try #require(answer.headers["x-charter-decision"])
        #expect(chunks.allSatisfy { $0.contains(#""id":"chatcmpl-\#(decision)""#) && $0.contains(#""object":"chat.completion.chunk""#) })
        #expect(Set(chunks.compactMap { $0.firstMatch(of: #/"created":(\d+)/#)?.1 }).count == 1)
        let calls = chunks.filter { $0.contains("tool_calls\":[") }
        #expect(!calls.isEmpty && calls.allSatisfy { $0.contains(#""index":0}]"#) })
        #expect(chunks.last?.contains(#""choices":[]"#) == true)
    }

    @Test func `a page for people is the provider's fault, and another target is tried`() throws {
        let route = StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]")
        let page = try ScriptedProvider { exchange, _, _ in
            exchange.respond(
                ResponseHead(status: 200, headers: ["content-type": "text/html"]), body: Array("\n<!doctype html><p>Welcome".utf8))
        }
        let files = ["routes.yaml": route]
        let platform = try Platform(files, beside: { StandardConfiguration.providers(page.port, $0) })
        let client = TestClient(port: platform.port)
        let direct = try client.chat()
        #expect(direct.status == 502 && direct.json("error", "code") == "upstream_error")
        #expect(direct.headers["content-type"] == "application/json")
        let routed = try client.chat("assistant")
        #expect(routed.status == 200 && routed.headers["x-charter-model"] == "groq/llama")
        #expect(try platform.ledger(rows: 3).filter { $0.status == 502 }.count == 2)
    }
}
