import Gateway
import HTTP
import TestKit
import Testing

@Suite struct BudgetTests {
    @Test func `a hundred requests at once never spend more than the hard budget`() throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: 0.1 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key], loops: 2)
        let client = TestClient(port: platform.port)
        let asked = (0..<100).map { _ in Background { try client.chat(headers: ["x-simulate-tokens": "1000"]) } }
        let answers = try asked.map { try $0.value() }
        // Whom a busy machine lets wait for too long is turned away, and spends nothing.
        let statuses = answers.filter { $0.json("error", "code") != "overloaded" }.map(\.status)
        let served = statuses.count { $0 == 200 }
        #expect(served > 0)
        #expect(served < 100)
        #expect(Set(statuses) == [200, 429])
        let rows = try platform.ledger(rows: served)
        #expect(rows.reduce(0) { $0 + $1.cost } <= 100_000_000)
    }

    @Test func `a restarted gateway knows what was spent`() throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: 0.03 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        var client = TestClient(port: platform.port)
        for _ in 0..<2 { #expect(try client.chat(headers: ["x-simulate-tokens": "1000"]).status == 200) }
        platform.stopGateway()
        #expect(try platform.ledger(rows: 2).count == 2)
        try platform.startGateway()
        client = TestClient(port: platform.port)
        #expect(try client.chat(headers: ["x-simulate-tokens": "1000"]).status == 429)
    }

    @Test func `a restarted gateway knows what a route, each name and the last hour have used`() throws {
        let key = StandardConfiguration.key(spec: "  limits: [3 requests/day per model, 4 requests/hour]\n")
        let budget = """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: economy }
            spec: { for: { model: assistant }, hard: 2 requests/month }
            """
        let platform = try Platform([
            StandardConfiguration.keyPath: key, "orgs/acme/budget.yaml": budget,
            "routes.yaml": StandardConfiguration.route("{ model: groq/llama }"),
        ])
        var client = TestClient(port: platform.port)
        for model in ["assistant", "assistant", "openai/gpt-4o"] { #expect(try client.chat(model).status == 200) }
        #expect(try client.chat("assistant").json("error", "code") == "insufficient_quota")
        platform.stopGateway()
        #expect(try platform.ledger(rows: 3).count == 3)
        try platform.startGateway()
        client = TestClient(port: platform.port)
        #expect(try client.chat("assistant").json("error", "code") == "insufficient_quota")
        let fourth = try client.chat("openai/gpt-4o")
        #expect(fourth.status == 200)
        #expect(fourth.headers["x-ratelimit-remaining-requests"] == "0")
        #expect(try client.chat("groq/llama").json("error", "message")?.contains("4 requests/hour") == true)
    }

    @Test func `a restarted gateway knows what each name has used of a day`() throws {
        let key = StandardConfiguration.key(spec: "  limits: [1 requests/day per model]\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        #expect(try TestClient(port: platform.port).chat("openai/gpt-4o").status == 200)
        platform.stopGateway()
        #expect(try platform.ledger(rows: 1).count == 1)
        try platform.startGateway()
        let client = TestClient(port: platform.port)
        #expect(try client.chat("openai/gpt-4o").status == 429)
        #expect(try client.chat("groq/llama").status == 200)
    }

    @Test(arguments: [false, true]) func `a request that another target served is counted there, once`(breaksOff: Bool) throws {
        let key = StandardConfiguration.key(spec: "  limits: [10 requests/min]\n")
        func budget(_ name: String, _ model: String) -> String {
            """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: \(name) }
            spec: { for: { model: \(model) }, hard: 1 requests/month }
            ---

            """
        }
        let broken = try ScriptedProvider { exchange, _, _ in
            guard breaksOff else { return exchange.refuse(500) }
            exchange.begin(ResponseHead(status: 200, headers: ["content-type": "application/json", "content-length": "900"]))
            exchange.write(Array("{".utf8))
            exchange.abort()
        }
        let platform = try Platform(
            [
                StandardConfiguration.keyPath: key,
                "orgs/acme/budget.yaml": budget("first", "openai/gpt-4o") + budget("second", "groq/llama"),
                "routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]"),
            ],
            beside: { groq in
                ["providers.yaml": StandardConfiguration.provider("openai", broken.port) + "---\n"
                    + StandardConfiguration.provider("groq", groq)]
            })
        var client = TestClient(port: platform.port)
        let answer = try client.chat("assistant")
        #expect(answer.status == 200)
        #expect(answer.headers["x-charter-attempts"] == "2")
        #expect(answer.headers["x-ratelimit-remaining-requests"] == "0")
        #expect(try client.chat("groq/llama").json("error", "code") == "insufficient_quota")
        #expect(try platform.ledger(rows: 2).map(\.attempt) == [1, 2])
        platform.stopGateway()
        try platform.startGateway()
        client = TestClient(port: platform.port)
        #expect(try client.chat("groq/llama").json("error", "code") == "insufficient_quota")
        // Nothing of the first target's budget was used, so it is asked; then that failure was the request's last attempt.
        #expect(try client.chat("openai/gpt-4o").status == 502)
        #expect(try client.chat("openai/gpt-4o").json("error", "code") == "insufficient_quota")
    }

    @Test(arguments: [("0.0125 USD/month", 1_100, 1_251), ("1100 tokens/month", 1_040, 1_101)])
    func `a stream that would pass a hard budget ends with the error, and is billed for what it produced`(
        hard: String, least: Int64, most: Int64
    ) throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: \(hard) }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        // The catalog says that the model gives at most 1,000 tokens; the provider gives more.
        let client = TestClient(port: platform.port)
        let headers = ["x-simulate-tokens": "4000", "x-simulate-pace": "1ms"]
        let answer = try client.chat("gpt-4o", stream: true, headers: headers)
        #expect(answer.status == 200)
        let last = try #require(answer.events.last)
        #expect(last.contains(#""code":"insufficient_quota""#), "\(last)")
        #expect(last.contains("is spent, so the answer ends here") && last.contains("orgs/acme/keys.yaml"))
        #expect(!answer.text.contains("[DONE]"))
        #expect(answer.isWhole)
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.isEstimated && row.status == 429)
        #expect((least...most).contains(row.output), "\(row.output)")
        #expect(try client.chat("gpt-4o").json("error", "code") == "insufficient_quota")
        try eventually(within: .seconds(5), "the provider stops") { platform.folder.read("openai.log").contains(#""complete":false"#) }
    }

    @Test(arguments: [false, true]) func `answers for which their provider counts no tokens have the price of their requests, and what it refuses has none`(
        isStream: Bool
    ) throws {
        let usage = #""usage":{"prompt_tokens":0,"completion_tokens":0}"#
        let provider = try ScriptedProvider { exchange, number, _ in
            if number == 0 { return exchange.refuse(400) }
            if isStream {
                exchange.beginStream()
                exchange.writePiece("a")
                exchange.write(Array("data: {\"choices\":[],\(usage)}\n\ndata: [DONE]\n\n".utf8))
                exchange.end()
            } else {
                let text = #"{"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}],\#(usage)}"#
                exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(text.utf8))
            }
        }
        let priced = "prices: { input: 2 USD/M, output: 10 USD/M, request: 0.01 USD }"
        let catalog = StandardConfiguration.catalog.replacing("prices: { input: 2 USD/M, output: 10 USD/M }", with: priced)
        let key = StandardConfiguration.key(spec: "  budget: { hard: 0.035 USD/month }\n")
        let platform = try Platform(
            ["catalog.yaml": catalog, StandardConfiguration.keyPath: key], beside: { StandardConfiguration.providers(provider.port, $0) })
        let client = TestClient(port: platform.port)
        let statuses = try (0..<5).map { _ in try client.chat(stream: isStream, more: #","max_tokens":10"#).status }
        #expect(statuses == [400, 200, 200, 200, 429])
        #expect(try platform.ledger(rows: 4).map(\.cost).sorted() == [0, 10_000_000, 10_000_000, 10_000_000])
    }

    @Test func `a stream that goes beyond its hold and stays below the budget comes to its end`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: { hard: 0.05 USD/month }\n")])
        let answer = try TestClient(port: platform.port).chat("gpt-4o", stream: true, headers: ["x-simulate-tokens": "3000"])
        #expect(answer.events.last == "[DONE]")
        #expect(try platform.ledger(rows: 1)[0].output == 3_000)
    }

    @Test(arguments: ["  budget: { hard: 0.03 USD/30d rolling }\n", "  budget: { hard: 0.03 USD/2h rolling }\n", "  tags: { team: search }\n"])
    func `a restarted gateway knows what was spent of a rolling budget and of a tag's`(key: String) throws {
        let budget = """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: search }
            spec: { for: { tag: team=search }, hard: 0.03 USD/month, starts: 15 }
            """
        let platform = try Platform([
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: key), "orgs/acme/budget.yaml": budget,
        ])
        var client = TestClient(port: platform.port)
        for _ in 0..<2 { #expect(try client.chat(headers: ["x-simulate-tokens": "1000"]).status == 200) }
        #expect(try client.chat(headers: ["x-simulate-tokens": "1000"]).status == 429)
        platform.stopGateway()
        #expect(try platform.ledger(rows: 2).count == 2)
        try platform.startGateway()
        client = TestClient(port: platform.port)
        let refused = try client.chat(headers: ["x-simulate-tokens": "1000"])
        #expect(refused.status == 429)
        #expect(refused.json("error", "charter", "code") == "budget_exceeded")
    }
}
