import HTTP
import Spec
import Store
import TestKit
import Testing

@testable import Gateway

/// Prices by class of service and by size.
@Suite struct ServiceTierTests {
    private static let catalog = StandardConfiguration.catalogs(
        openai: """
            gpt-4o:
              context: 128000
              maxOutput: 1000
              prices:
                - meters: { input: 2 USD/M, output: 10 USD/M }
                  above: [{ input: 1000, meters: { input: 4 USD/M } }]
                  tiers: { priority: { meters: { input: 8 USD/M, output: 40 USD/M } } }
            """)

    /// What is asked for, what the provider says, its input, and the price of input and output.
    private static let cases: [(asked: String?, told: String?, input: Int64, inputUSD: Int64, outputUSD: Int64)] = [
        (nil, nil, 1_000, 2, 10), (nil, nil, 1_001, 4, 10), ("priority", "priority", 1_000, 8, 40), ("priority", nil, 1_000, 8, 40),
        ("priority", "default", 1_000, 2, 10), ("auto", "priority", 1_000, 8, 40), ("auto", nil, 1_001, 4, 10),
    ]

    @Test(arguments: [false, true]) func `the provider's word on the class of service decides, else the client's`(isStream: Bool) throws {
        let cases = Self.cases
        let provider = try ScriptedProvider { exchange, number, _ in
            let told = cases[number].told.map { #""service_tier":"\#($0)","# } ?? ""
            let usage = #""usage":{"prompt_tokens":\#(cases[number].input),"completion_tokens":10}"#
            if isStream {
                let piece = #"{\#(told)"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#
                let text = "data: \(piece)\n\ndata: {\(told)\"choices\":[],\(usage)}\n\ndata: [DONE]\n\n"
                exchange.respond(ResponseHead(status: 200, headers: ["content-type": "text/event-stream"]), body: Array(text.utf8))
            } else {
                let text = #"{\#(told)"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}],\#(usage)}"#
                exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(text.utf8))
            }
        }
        let groq = StandardConfiguration.provider("groq", 1)
        let platform = try Platform([
            "providers.yaml": StandardConfiguration.provider("openai", provider.port) + "---\n" + groq, "catalog.yaml": Self.catalog,
        ])
        let client = TestClient(port: platform.port)
        for item in cases {
            let more = (item.asked.map { #","service_tier":"\#($0)""# } ?? "") + #","stream_options":{"include_usage":true}"#
            let answer = try client.chat(stream: isStream, more: isStream ? more : more.replacing(#","stream_options":{"include_usage":true}"#, with: ""))
            let cost = NanoUSD(item.input * item.inputUSD * 1_000 + 10 * item.outputUSD * 1_000)
            #expect(answer.status == 200 && answer.text.contains(cost.dollars) || answer.headers["x-charter-cost-usd"] == cost.dollars, "\(item)")
        }
        let rows = try platform.ledger(rows: cases.count)
        let costs = cases.map { $0.input * $0.inputUSD * 1_000 + 10 * $0.outputUSD * 1_000 }
        #expect(rows.map(\.cost).sorted() == costs.sorted())
    }

    @Test(arguments: [true, false]) func `so it does for an answer too large to be kept, before the choices and behind them`(isFirst: Bool) throws {
        let tier = #""service_tier" : "default""#
        let content = String(repeating: "a", count: AnswerLimits.keptBytesMax) + #"\"service_tier\": \"priority\""#
        let rest = #""choices":[{"index":0,"message":{"role":"assistant","content":"\#(content)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":10}"#
        let text = "{" + (isFirst ? tier + "," + rest : rest + "," + tier) + "}"
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(text.utf8))
        }
        let platform = try Platform([
            "providers.yaml": StandardConfiguration.provider("openai", provider.port) + "---\n" + StandardConfiguration.provider("groq", 1),
            "catalog.yaml": Self.catalog,
        ])
        let answer = try TestClient(port: platform.port).chat(more: #","service_tier":"priority""#)
        #expect(answer.status == 200 && answer.isWhole && answer.headers["x-charter-cost-usd"] == nil)
        #expect(try platform.ledger(rows: 1).map(\.cost) == [1_000 * 2_000 + 10 * 10_000])
    }
}
