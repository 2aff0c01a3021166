import HTTP
import Store
import TestKit
import Testing

extension GatewayFaults {
    /// Providers that tell nonsense of what was used.
    @Suite struct UsageFaults {
        /// A question for at most 100 tokens holds 0.001 USD for them, and less than 0.0003 USD for its input.
        private static let more = #","max_tokens":100"#
        private static let hold: Int64 = 1_300_000

        private static let told = [
            "", #","usage":null"#, #","usage":7"#, #","usage":{}"#, #","usage":{"prompt_tokens":3,"completion_tokens":-2}"#,
            #","usage":{"prompt_tokens":-3,"completion_tokens":2}"#, #","usage":{"prompt_tokens":3,"completion_tokens":9223372036854775808}"#,
            #","usage":{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}"#,
            #","usage":{"prompt_tokens":3,"completion_tokens":NaN}"#, #","usage":{"prompt_tokens":3,"completion_tokens":1e30}"#,
            #","usage":{"prompt_tokens":3,"completion_tokens":2.5}"#, #","usage":{"prompt_tokens":"3","completion_tokens":"2"}"#,
            #","usage":{"prompt_tokens":3,"completion_tokens":4000000000}"#, #","usage":{"prompt_tokens":4000000000,"completion_tokens":2}"#,
        ]

        private func expectHarmless(_ platform: Platform, _ client: TestClient, count: Int, isStream: Bool) throws {
            for number in 0..<count { #expect(try client.chat(stream: isStream, more: Self.more).status == 200, "\(number)") }
            let rows = try platform.ledger(rows: count)
            #expect(rows.count == count)
            for row in rows { #expect(row.cost >= 0 && row.cost <= Self.hold && row.input >= 0 && row.output >= 0, "\(row)") }
            let doubtful = try Connection(platform.database).transaction {
                try $0.query("SELECT count(*) FROM charter.usage WHERE estimated OR flags <> 0")[0].integer(0)
            }
            #expect(doubtful == Int64(count), "each is marked")
            // The provider is believed again once it tells sense.
            #expect(try client.chat(stream: isStream, more: Self.more).status == 200)
            let last = try #require(try platform.ledger(rows: count + 1).last)
            #expect(last.output == 2 && !last.isEstimated)
        }

        @Test func `F18 nonsense for a plain answer's usage is marked, neither paid out nor charged beyond the hold, and stops nothing`() throws {
            let provider = try ScriptedProvider { exchange, number, _ in
                let usage = number < Self.told.count ? Self.told[number] : #","usage":{"prompt_tokens":3,"completion_tokens":2}"#
                exchange.respond(
                    ResponseHead(status: 200, headers: ["content-type": "application/json"]),
                    body: Array(#"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"a b"},"finish_reason":"stop"}]\#(usage)}"#.utf8))
            }
            let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) })
            try expectHarmless(platform, TestClient(port: platform.port), count: Self.told.count, isStream: false)
        }

        @Test func `F18 nonsense for a stream's usage, twice and after its end too, is marked and stops nothing`() throws {
            let piece = #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}"#
            let last = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
            let sound = #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#
            let single = Self.told.map { #"{"choices":[]\#($0)}"# }.map { [$0, "[DONE]"] }
            let repeated = [[sound, sound, "[DONE]"], [sound, "[DONE]", #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":900}}"#]]
            let endings = single + repeated
            let provider = try ScriptedProvider { exchange, number, _ in
                let ending = number < endings.count ? endings[number] : [sound, "[DONE]"]
                let text = ([piece, piece, last] + ending).map { "data: \($0)\n\n" }.joined()
                exchange.respond(ResponseHead(status: 200, headers: ["content-type": "text/event-stream"]), body: Array(text.utf8))
            }
            let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) })
            try expectHarmless(platform, TestClient(port: platform.port), count: endings.count, isStream: true)
        }
    }
}
