import Gateway
import TestKit
import Testing

/// `/api/v1/batch`.
@Suite struct BatchTests {
    private static func chat(_ model: String = "openai/gpt-4o") -> String {
        #"{"endpoint":"chat","body":{"model":"\#(model)","messages":[{"role":"user","content":"hi"}]}}"#
    }

    private func send(_ platform: Platform, _ items: [String], headers: [String: String] = [:]) throws -> TestClient.Answer {
        try TestClient(port: platform.port).send(
            "POST", "/api/v1/batch", body: #"{"requests":[\#(items.joined(separator: ","))]}"#, headers: headers)
    }

    @Test func `requests of all sorts are answered in their places, each with its own decision, and are in the ledger`() throws {
        let platform = try Platform()
        let answer = try send(platform, [
            Self.chat(),
            #"{"id":"p","endpoint":"/api/v1/completions","body":{"model":"openai/gpt-4o","prompt":"hi"}}"#,
            #"{"id":7,"endpoint":"embeddings","model":"openai/text-embedding-3-small","input":"hi"}"#,
            #"{"model":"groq/llama","messages":[{"role":"user","content":"hi"}]}"#,
        ])
        #expect(answer.status == 200)
        let statuses = (0..<4).map { answer.json("results", "\($0)", "status") }
        #expect(statuses == ["200", "200", "200", "200"], "\(answer.text)")
        #expect(answer.json("results", "0", "body", "object") == "chat.completion")
        #expect(answer.json("results", "1", "body", "object") == "text_completion")
        #expect(answer.json("results", "1", "id") == "p")
        #expect(answer.json("results", "2", "body", "object") == "list")
        #expect(answer.json("results", "2", "id") == "7")
        #expect(answer.json("results", "3", "model") == "groq/llama")
        let rows = try platform.ledger(rows: 4)
        #expect(Set(rows.map(\.decision)) == Set((0..<4).compactMap { answer.json("results", "\($0)", "decision") }))
        #expect(rows.allSatisfy { $0.cost > 0 || $0.model.contains("embedding") })
        #expect(answer.headers["x-ratelimit-remaining"] == "996")
    }

    @Test func `one that is refused, one that is wrong and one that fails leave the others alone`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.refuse(500) }
        let key = StandardConfiguration.key(spec: "  models: { deny: [openai/gpt-4o-mini] }\n")
        let platform = try Platform(
            [StandardConfiguration.keyPath: key], beside: { StandardConfiguration.providers(provider.port, $0) })
        let answer = try send(platform, [
            Self.chat("groq/llama"), Self.chat("openai/gpt-4o-mini"), Self.chat("openai/gpt-4o"), "7", #"{"endpoint":"images","body":{}}"#,
            #"{"endpoint":"chat","body":{"model":"groq/llama","messages":[],"stream":true}}"#, #"{"endpoint":"chat","body":{}}"#, Self.chat("groq/llama"),
        ])
        #expect(answer.status == 200)
        let statuses = (0..<8).map { answer.json("results", "\($0)", "status") }
        #expect(statuses == ["200", "403", "502", "400", "400", "400", "400", "200"], "\(answer.text)")
        #expect(answer.json("results", "1", "error", "code") == "model_not_allowed")
        #expect(answer.json("results", "1", "error", "charter", "rule", "path") == StandardConfiguration.keyPath)
        #expect(answer.json("results", "2", "error", "code") == "upstream_error")
        #expect(answer.json("results", "5", "error", "param") == "stream")
        #expect(try platform.ledger(rows: 3).map(\.model).sorted() == ["groq/llama", "groq/llama", "openai/gpt-4o"])
    }

    @Test func `each counts against the limits, in the order of the batch`() throws {
        let key = StandardConfiguration.key(spec: "  limits: [3 requests/min]\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let answer = try send(platform, Array(repeating: Self.chat(), count: 5))
        let statuses = (0..<5).map { answer.json("results", "\($0)", "status") }
        #expect(statuses == ["200", "200", "200", "429", "429"], "\(answer.text)")
        #expect(answer.json("results", "4", "error", "code") == "rate_limit_exceeded")
        #expect(try platform.ledger(rows: 3).count == 3)
        #expect(try send(platform, [Self.chat()]).json("results", "0", "status") == "429")
    }

    @Test func `concurrency counts what is under way, and budgets hold for each`() throws {
        let key = StandardConfiguration.key(spec: "  limits: [4 concurrent]\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let answer = try send(platform, Array(repeating: Self.chat(), count: 8), headers: ["x-simulate-first-token": "300ms"])
        let statuses = (0..<8).compactMap { answer.json("results", "\($0)", "status") }
        // Four begin; the next four of the eight that may be under way meet the limit at once, and so does nobody later.
        #expect(statuses == ["200", "200", "200", "200", "429", "429", "429", "429"], "\(answer.text)")
        #expect(answer.json("results", "4", "error", "code") == "concurrency_limit_exceeded")
    }

    @Test func `more than may be under way wait for their turns`() throws {
        let platform = try Platform()
        let answer = try send(platform, Array(repeating: Self.chat(), count: 30))
        #expect((0..<30).allSatisfy { answer.json("results", "\($0)", "status") == "200" })
        #expect(try platform.ledger(rows: 30).count == 30)
    }

    @Test func `a client that leaves is billed for what was under way, and for nothing else`() throws {
        let key = StandardConfiguration.key(spec: "  limits: [20 concurrent]\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let client = TestClient(port: platform.port)
        let body = #"{"requests":[\#(Array(repeating: Self.chat(), count: 12).joined(separator: ","))]}"#
        let connection = try client.open("POST", "/api/v1/batch", body: body, headers: ["x-simulate-first-token": "1s"])
        try eventually(within: .seconds(10), "eight requests are with the provider") {
            try client.get("/metrics").text.contains("charter_requests_in_flight 8")
        }
        connection.reset()
        _ = consume connection
        let rows = try platform.ledger(rows: 8)
        #expect(rows.count == 8)
        #expect(rows.allSatisfy { $0.cost > 0 && !$0.isEstimated })
        try eventually(within: .seconds(10), "nothing is under way") { try client.get("/metrics").text.contains("charter_requests_in_flight 0") }
        #expect(try platform.ledger(rows: 8).count == 8)
    }

    @Test func `a batch has a decision of its own, and what is refused of it is counted`() throws {
        let platform = try Platform()
        let client = TestClient(port: platform.port)
        let answer = try send(platform, [Self.chat(), "7"])
        let decision = try #require(answer.headers["x-charter-decision"])
        #expect(decision.count == 32 && decision != answer.json("results", "0", "decision"))
        let unread = try client.send("POST", "/api/v1/batch", body: "{")
        #expect(unread.status == 400 && unread.headers["x-charter-decision"]?.count == 32)
        #expect(try client.send("POST", "/api/v1/batch", body: "{}", key: "ck-nobody").status == 401)
        let metrics = try client.get("/metrics").text
        #expect(metrics.contains(#"charter_requests_total{endpoint="batch",status="400"} 2"# + "\n"))
        #expect(metrics.contains(#"charter_requests_total{endpoint="batch",status="401"} 1"# + "\n"))
        #expect(metrics.contains(#"charter_requests_total{endpoint="chat.completions",status="200"} 1"# + "\n"))
    }

    @Test(arguments: [
        ("{", "invalid_json"), ("[]", "invalid_request_body"), ("{}", "missing_parameter"), (#"{"requests":[]}"#, "invalid_parameter"),
        (#"{"requests":{}}"#, "invalid_parameter"), (#"{"requests":[\#(Array(repeating: "{}", count: 101).joined(separator: ","))]}"#, "invalid_parameter"),
    ])
    func `a batch that cannot be read is refused whole`(_ body: String, _ code: String) throws {
        let answer = try TestClient(port: Self.shared.get().port).send("POST", "/api/v1/batch", body: body)
        #expect(answer.status == 400)
        #expect(answer.json("error", "code") == code, "\(answer.text)")
    }

    private static let shared = Result { try Platform() }
}
