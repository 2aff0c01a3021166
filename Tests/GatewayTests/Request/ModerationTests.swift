import Gateway
import Store
import TestKit
import Testing

@Suite struct ModerationTests {
    private static let path = "/v1/moderations"

    private static func catalog(_ prices: String) -> String {
        StandardConfiguration.catalogs(
            openai: """
                omni-moderation-latest: { upstreamName: omni-moderation-2024-09-26, mode: moderation\(prices) }
                gpt-4o: { prices: { input: 2 USD/M, output: 10 USD/M } }
                """)
    }

    private func platform(_ prices: String, key: String = "") throws -> Platform {
        try Platform(["catalog.yaml": Self.catalog(prices), StandardConfiguration.keyPath: StandardConfiguration.key(spec: key)])
    }

    private func last(_ platform: Platform) throws -> UsageRow {
        try #require(try Connection(platform.database).transaction { try Ledger.recent($0, .everything, limit: 1) }.first)
    }

    @Test func `a text is judged, for what is declared, and the row says what was counted`() throws {
        let platform = try platform(", prices: { input: 0 USD/M }", key: "  budget: { hard: 1 USD/day }\n")
        let client = TestClient(port: platform.port)
        let answer = try client.send("POST", Self.path, body: #"{"model":"omni-moderation-latest","input":["one two","three"]}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json("results", "1", "flagged") == "false")
        #expect(answer.json("results", "2") == nil)
        #expect(answer.headers["x-charter-cost-usd"] == "0")
        let row = try #require(platform.ledger(rows: 1).first)
        #expect(row.cost == 0 && !row.isEstimated && row.status == 200)
        #expect(try last(platform).otherMeters == ["request": 1])
        #expect(platform.folder.read("openai.log").contains(#""model":"omni-moderation-2024-09-26","endpoint":"moderations","prompt_tokens":3"#))
    }

    @Test(arguments: [#"{"input":"x"}"#, #"{"model":null,"input":"x"}"#])
    func `a request that names no model asks for the one of OpenAI's by name, and the provider is told it`(body: String) throws {
        let platform = try platform(", prices: { request: 0.001 USD }")
        let client = TestClient(port: platform.port)
        let answer = try client.send("POST", Self.path, body: body)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.headers["x-charter-model"] == "openai/omni-moderation-latest")
        #expect(answer.json("model") == "omni-moderation-2024-09-26")
        #expect(try platform.ledger(rows: 1)[0].cost == 1_000_000)
        // Where nobody declares it, or the key may not have it, nothing is guessed.
        let other = try Platform()
        #expect(try TestClient(port: other.port).send("POST", Self.path, body: body).json("error", "code") == "model_not_found")
    }

    @Test func `tokens that have a price and are not told are reckoned, and said to be`() throws {
        let platform = try platform(", prices: { input: 1 USD/M }")
        let text = String(repeating: "word ", count: 80)
        #expect(try TestClient(port: platform.port).send("POST", Self.path, body: #"{"input":"\#(text)"}"#).status == 200)
        let row = try #require(platform.ledger(rows: 1).first)
        #expect(row.isEstimated && row.input > 80 && row.cost == row.input * 1_000 && row.output == 0)
    }

    @Test func `a model without a price is refused to a budget in money`() throws {
        let platform = try platform("", key: "  budget: { hard: 1 USD/day }\n")
        let answer = try TestClient(port: platform.port).send("POST", Self.path, body: #"{"input":"x"}"#)
        #expect(answer.status == 403)
        #expect(answer.json("error", "code") == "model_unpriced")
    }

    @Test(arguments: [
        (#"{"model":"gpt-4o"}"#, "missing_parameter"), (#"{"input":7}"#, "invalid_parameter"), (#"{"input":"x","stream":true}"#, "invalid_parameter"),
        (#"{"model":7,"input":"x"}"#, "invalid_parameter"),
    ])
    func `mistakes are told before a provider is asked`(body: String, code: String) throws {
        let platform = try platform("")
        let answer = try TestClient(port: platform.port).send("POST", Self.path, body: body)
        #expect(answer.status == 400)
        #expect(answer.json("error", "code") == code)
        #expect(platform.folder.read("openai.log").isEmpty)
    }
}
