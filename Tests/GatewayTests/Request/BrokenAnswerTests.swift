import Gateway
import Simulator
import TestKit
import Testing

@Suite struct BrokenAnswerTests {
    @Test func `books a plain answer that breaks off as estimated`() throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(headers: ["x-simulate-truncate-after": "4"])
        #expect(answer.status == 502)
        #expect(answer.json("error", "code") == "upstream_incomplete")
        let row = try platform.ledger(rows: 1)[0]
        #expect(row.status == 502)
        #expect(row.isEstimated)
        #expect(row.output >= 4)
        #expect(row.output <= 1000)
        #expect(row.cost > 0)
    }

    @Test func `pays for both attempts when another answers in place of a broken one`() throws {
        let provider = StandardConfiguration.provider("openai", 1).replacing("type: simulated", with: "type: generic")
        let inner = try Platform(gateway: false)
        let route = StandardConfiguration.route("{ model: groq/llama }", fallback: "[openai/gpt-4o]")
        // Only the first provider is a simulated one to the gateway, so only it gets the header that cuts its answer.
        let platform = try Platform([
            "providers.yaml": provider.replacing(":1/v1", with: ":\(inner.openai.port)/v1") + "---\n"
                + StandardConfiguration.provider("groq", inner.groq.port),
            "routes.yaml": route,
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: { hard: 1 USD/month }\n  limits: [1 concurrent]\n"),
        ])
        let client = TestClient(port: platform.port)
        for _ in 0..<2 {
            let answer = try client.chat("assistant", headers: ["x-simulate-truncate-after": "4"])
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.headers["x-charter-attempts"] == "2")
        }
        let rows = try platform.ledger(rows: 4)
        #expect(rows.filter { $0.attempt == 1 }.allSatisfy { $0.isEstimated && $0.cost > 0 && $0.model == "groq/llama" })
        #expect(rows.filter { $0.attempt == 2 }.allSatisfy { !$0.isEstimated && $0.status == 200 && $0.model == "openai/gpt-4o" })
    }

    @Test func `a plain request that was worked on and never answered is paid for, and the next attempt reserves anew`() throws {
        let silent = try ScriptedProvider { _, _, _ in }
        let provider = StandardConfiguration.provider("openai", silent.port).replacing("firstByte: 5s", with: "firstByte: 2500ms")
        let platform = try Platform(
            [
                "routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]"),
                StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: { hard: 1 USD/month }\n  limits: [1 concurrent]\n"),
            ], beside: { ["providers.yaml": provider + "---\n" + StandardConfiguration.provider("groq", $0)] })
        let answer = try TestClient(port: platform.port).chat("assistant")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.headers["x-charter-attempts"] == "2")
        let rows = try platform.ledger(rows: 2).sorted { $0.attempt < $1.attempt }
        // Two whole seconds at least, on a slow machine more, and never more than what was asked for.
        #expect(rows[0].isEstimated && rows[0].status == 504 && (128...1_000).contains(rows[0].output) && rows[0].cost > 0)
        #expect(!rows[1].isEstimated && rows[1].status == 200 && rows[1].model == "groq/llama")
        // A stream's head comes before its first token, so that one without a head had none.
        #expect(try TestClient(port: platform.port).chat("assistant", stream: true).status == 200)
        let stream = try #require(try platform.ledger(rows: 4).first { $0.status == 504 && $0.decision != rows[0].decision })
        #expect(stream.cost == 0 && !stream.isEstimated)
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "99999999999999999"])
    func `survives whatever a provider says of when to come again`(seconds: String) throws {
        let platform = try Platform()
        let answer = try TestClient(port: platform.port).chat(
            headers: ["x-simulate-status": "429", "x-simulate-retry-after": seconds])
        #expect(answer.status == 429)
        #expect(answer.json("error", "code") == "upstream_rate_limited")
        let isNegative = seconds.hasPrefix("-")
        #expect(answer.headers["retry-after"] == (isNegative ? "0" : nil), "nobody is sent to sleep for a day")
        #expect(answer.headers["x-should-retry"] == (isNegative ? nil : "false"))
    }

    @Test func `a client that reads slowly and leaves keeps nothing of its limits`() throws {
        let key = StandardConfiguration.key(spec: "  limits: [1 concurrent]\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        let client = TestClient(port: platform.port)
        var connection: TestConnection? = try client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}"#,
            headers: ["x-simulate-tokens": "1000000"])
        try connection?.receive(until: "chatcmpl")
        #expect(try client.chat().status == 429)
        connection = nil
        try eventually(within: .seconds(5), "the place is free") { try client.chat().status == 200 }
        // More than its catalog says of the model, and believed, since so much was there to read.
        #expect(try platform.ledger(rows: 2).map(\.output) == [1_000_000, 10])
    }
}
