import Gateway
import HTTP
import TestKit
import Testing

/// Endpoints whose requests and answers have a form of their own.
@Suite struct SurfaceFormTests {
    private static let numbered = """
        apiVersion: charter/v1
        kind: RoutingPolicy
        metadata: { name: "1" }
        spec: { targets: [{ model: openai/gpt-4o }] }
        """

    @Test func `generate takes a text for a numbered model, and tells its tokens and exact cost`() throws {
        let platform = try Platform(["numbered.yaml": Self.numbered])
        let client = TestClient(port: platform.port)
        let answer = try client.send(
            "POST", "/generate", body: #"{"text":"one \"two\" three","model_id":1,"max_length":7,"temperature":0.5,"extra":{}}"#,
            headers: ["x-simulate-tokens": "100"])
        #expect(answer.status == 200, "\(answer.text)")
        let row = try #require(platform.ledger(rows: 1).first)
        #expect(row.output == 7)
        #expect(row.model == "openai/gpt-4o")
        #expect(answer.json("response")?.isEmpty == false)
        #expect(answer.json("tokens_used") == "\(row.input + row.output)")
        #expect(answer.json("cost") == answer.headers["x-charter-cost-usd"])
        #expect(answer.json("choices") == nil)
    }

    @Test(arguments: [
        ("{", 400, "invalid_json"), ("[]", 400, "invalid_request_body"), (#"{"model_id":1}"#, 400, "missing_parameter"),
        (#"{"text":7,"model_id":1}"#, 400, "invalid_parameter"), (#"{"text":"x"}"#, 400, "missing_parameter"),
        (#"{"text":"x","model_id":1.5}"#, 400, "invalid_parameter"), (#"{"text":"x","model_id":1,"max_length":0}"#, 400, "invalid_parameter"),
        (#"{"text":"x","model_id":2}"#, 404, "model_not_found"),
    ])
    func `generate tells mistakes as FastAPI does`(_ body: String, _ status: Int, _ code: String) throws {
        let platform = try Platform(["numbered.yaml": Self.numbered])
        let answer = try TestClient(port: platform.port).send("POST", "/generate", body: body)
        #expect(answer.status == status)
        #expect(answer.json("detail")?.isEmpty == false)
        #expect(answer.json("charter", "code") == code)
    }

    @Test func `generate does not pass on an answer that is too large to be changed`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).send(
            "POST", "/generate", body: #"{"text":"x","model_id":"openai/gpt-4o"}"#, headers: ["x-simulate-tokens": "1000000"])
        #expect(answer.status == 502)
        #expect(answer.json("charter", "code") == "upstream_error")
        #expect(try platform.ledger(rows: 1)[0].isEstimated)
    }

    @Test func `an answer to be changed for which there is no room may be tried again`() throws {
        let platform = try Platform(configure: { $0.bodyBytesHeldMax = 8_000 })
        let client = TestClient(port: platform.port)
        let large = ["x-simulate-tokens": "100000"]
        let generated = try client.send("POST", "/generate", body: #"{"text":"x","model_id":"openai/gpt-4o"}"#, headers: large)
        #expect(generated.status == 503, "\(generated.text)")
        #expect(generated.json("charter", "code") == "overloaded")
        #expect(generated.headers["retry-after"] == "1")
        #expect(generated.headers["x-should-retry"] == "true")
        let chat = #"{"requests":[{"endpoint":"chat","body":{"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}}]}"#
        let batch = try client.send("POST", "/api/v1/batch", body: chat, headers: large)
        #expect(batch.json("results", "0", "status") == "503", "\(batch.text)")
        #expect(batch.json("results", "0", "error", "code") == "overloaded")
        #expect(try platform.ledger(rows: 2).allSatisfy { $0.isEstimated && $0.status == 503 })
        #expect(try client.send("POST", "/generate", body: #"{"text":"x","model_id":"openai/gpt-4o"}"#).status == 200)
    }

    @Test(arguments: ["", #","stream":false"#, #","stream":null"#, #","stream":true,"stream_options":{"include_usage":true}"#])
    func `paths that end in stream always stream`(_ more: String) throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        for (path, content) in [("chat", #""messages":[{"role":"user","content":"hi"}]"#), ("completions", #""prompt":"hi""#)] {
            let answer = try client.send("POST", "/api/v1/\(path)/stream", body: #"{"model":"openai/gpt-4o",\#(content)\#(more)}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.headers["content-type"]?.hasPrefix("text/event-stream") == true)
            #expect(answer.events.last == "[DONE]")
            #expect(answer.events.contains { $0.contains(#""prompt_tokens""#) } == more.contains("include_usage"))
            let plain = try client.send("POST", "/api/v1/\(path)", body: #"{"model":"openai/gpt-4o",\#(content)}"#)
            #expect(plain.json("choices", "0", "finish_reason") != nil, "\(plain.text)")
        }
        #expect(try platform.ledger(rows: 4).allSatisfy { !$0.isEstimated && $0.cost > 0 })
        let broken = try client.send("POST", "/api/v1/chat/stream", body: "[1]")
        #expect(broken.json("error", "code") == "invalid_request_body")
    }

    @Test func `a refusal of a provider's takes the shape of the endpoint`() throws {
        let html = "<html>413 Request Entity Too Large</html>"
        let worded = #"{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}"#
        let provider = try ScriptedProvider { exchange, number, _ in
            let (status, type, text) = number.isMultiple(of: 2) ? (413, "text/html", html) : (400, "application/json; charset=utf-8", worded)
            exchange.respond(.init(status: status, headers: ["content-type": type]), body: Array(text.utf8))
        }
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) })
        let client = TestClient(port: platform.port)
        let tooLarge = try client.chat()
        #expect(tooLarge.status == 413)
        #expect(tooLarge.headers["content-type"] == "application/json")
        #expect(tooLarge.json("error", "charter", "code") == "provider_refused")
        #expect(try client.chat().text == worded)
        let problem = try client.send("POST", "/v1/inference", body: #"{"model":"openai/gpt-4o","messages":[]}"#)
        #expect(problem.json("status") == "413")
        #expect(problem.headers["content-type"] == "application/problem+json")
        let words = try client.send("POST", "/v1/inference", body: #"{"model":"openai/gpt-4o","messages":[]}"#)
        #expect(words.json("detail")?.contains("too long") == true, "\(words.text)")
        #expect(words.json("status") == "400")
    }
}
