import Gateway
import Store
import TestKit
import Testing

@Suite struct PlainAnswerTests {
    @Test func `answers a chat, says what it cost, and books it`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json("choices", "0", "message", "role") == "assistant")
        #expect(answer.headers["x-charter-revision"] == "1")
        #expect(answer.headers["x-charter-model"] == "openai/gpt-4o")
        #expect(answer.headers["x-charter-attempts"] == "1")
        #expect(answer.headers["x-charter-overhead-ms"] != nil)
        #expect(answer.headers["x-ratelimit-limit-requests"] == "1000")
        #expect(answer.headers["x-ratelimit-remaining-requests"] == "999")
        // Three words in at 2 USD/M, ten out at 10 USD/M.
        #expect(answer.headers["x-charter-cost-usd"] == "0.000106")
        let rows = try platform.ledger(rows: 1)
        #expect(rows.count == 1)
        #expect(rows.first?.decision == answer.headers["x-charter-decision"])
        #expect(rows.first?.input == 3)
        #expect(rows.first?.output == 10)
        #expect(rows.first?.cost == 106_000)
        #expect(rows.first?.isEstimated == false)
        #expect(rows.first?.status == 200)
    }

    @Test func `keeps why a request was answered as it was`() throws {
        let platform = try Platform()
        #expect(try TestClient(port: platform.port).chat().status == 200)
        _ = try platform.ledger(rows: 1)
        let detail = try Connection(platform.database).transaction {
            try $0.query("SELECT detail::text FROM charter.usage")[0].text(0)
        }
        #expect(detail.contains("acme/APIKey/main"), "\(detail)")
        #expect(detail.contains(StandardConfiguration.keyPath))
        #expect(detail.contains("served"))
    }

    @Test func `asks the provider for its own name of the model and nothing else`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat("gpt-4o-mini")
        #expect(answer.status == 200)
        let log = platform.folder.read("openai.log")
        #expect(log.contains(#""model":"gpt-4o-mini-2024""#))
    }

    @Test func `echoes a harmless request id and mints one otherwise`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        #expect(try client.chat(headers: ["X-Request-Id": "mine-1"]).headers["x-request-id"] == "mine-1")
        let odd = try client.chat(headers: ["X-Request-Id": "a b\"c"])
        #expect(odd.headers["x-request-id"] == odd.headers["x-charter-decision"])
    }

    @Test func `serves completions, embeddings and the generic endpoint`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let completion = try client.send("POST", "/v1/completions", body: #"{"model":"gpt-4o","prompt":"a b"}"#)
        #expect(completion.json("object") == "text_completion", "\(completion.text)")
        let vector = try client.send("POST", "/v1/embeddings", body: #"{"model":"text-embedding-3-small","input":["a b","c"]}"#)
        #expect(vector.json("data", "1", "object") == "embedding", "\(vector.text)")
        #expect(vector.headers["x-charter-cost-usd"] == "0.00000006")
        let generic = try client.send("POST", "/v1/inference", body: #"{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}"#)
        #expect(generic.json("object") == "chat.completion", "\(generic.text)")
    }

    @Test func `lists the models that the key may use, and finds one whose name has a slash`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let list = try client.get("/v1/models")
        #expect(list.json("object") == "list")
        #expect(list.text.contains(#""id":"openai/gpt-4o""#))
        #expect(try client.get("/v1/models/openai/gpt-4o").json("id") == "openai/gpt-4o")
        #expect(try client.get("/v1/models/openai%2Fgpt-4o").json("id") == "openai/gpt-4o")
        let missing = try client.get("/v1/models/nothing")
        #expect(missing.status == 404)
        #expect(missing.json("error", "code") == "model_not_found")
    }

    @Test func `tells health, readiness and metrics without a key`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        _ = try client.chat()
        #expect(try client.get("/healthz", key: nil).status == 200)
        #expect(try client.get("/readyz", key: nil).json("ready") == "true")
        let metrics = try client.get("/metrics", key: nil).text
        #expect(metrics.contains(#"charter_requests_total{endpoint="chat.completions",status="200"} 1"#))
        #expect(metrics.contains(#"charter_cost_usd_total{model="openai/gpt-4o"} 0.000106"#))
        #expect(metrics.contains("charter_revision 1\n"))
    }
}
