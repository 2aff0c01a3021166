import HTTP
import Spec
import Store
import TestKit
import Testing

@testable import Gateway

/// What is asked and answered in sound, pictures and documents, and what it costs.
@Suite struct MediaTests {
    private static let catalog = StandardConfiguration.catalogs(
        openai: """
            gpt-4o:
              context: 128000
              maxOutput: 1000
              prices: { input: 2 USD/M, output: 10 USD/M, audio-input: 40 USD/M, audio-output: 80 USD/M, image: 0.01 USD }
            """)

    private func platform(budget: String, _ usage: String) throws -> (Platform, ScriptedProvider) {
        let provider = try ScriptedProvider { exchange, _, _ in
            let answer = #"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}],"usage":\#(usage)}"#
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(answer.utf8))
        }
        let groq = StandardConfiguration.provider("groq", 1)
        return (
            try Platform([
                "providers.yaml": StandardConfiguration.provider("openai", provider.port) + "---\n" + groq,
                "catalog.yaml": Self.catalog, StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: { hard: \(budget) }\n"),
            ]), provider
        )
    }

    private func ask(_ platform: Platform, _ part: String) throws -> TestClient.Answer {
        let body = #"{"model":"openai/gpt-4o","max_tokens":10,"messages":[{"role":"user","content":[{"type":"text","text":"what is it?"},\#(part)]}]}"#
        return try TestClient(port: platform.port).send("POST", "/v1/chat/completions", body: body)
    }

    private func last(_ platform: Platform) throws -> UsageRow {
        _ = try platform.ledger(rows: 1)
        return try #require(try Connection(platform.database).transaction { try Ledger.recent($0, .everything, limit: 1) }.first)
    }

    @Test func `sound is billed at its own price, and images by the piece`() throws {
        let usage = #"{"prompt_tokens":1000,"completion_tokens":100,"prompt_tokens_details":{"audio_tokens":900},"completion_tokens_details":{"audio_tokens":50}}"#
        let (platform, provider) = try platform(budget: "100 USD/month", usage)
        defer { provider.stop() }
        let image = #"{"type":"image_url","image_url":{"url":"https://example.test/a.png"}}"#
        let answer = try ask(platform, image + "," + image)
        #expect(answer.status == 200)
        let row = try last(platform)
        #expect(row.otherMeters == ["audio-input": 900, "audio-output": 50, "image": 2])
        // 100 and 50 tokens of text, 900 and 50 of sound, and two images.
        let cost: Int64 = 100 * 2_000 + 900 * 40_000 + 50 * 10_000 + 50 * 80_000 + 2 * 10_000_000
        #expect(row.cost == NanoUSD(cost))
        #expect(answer.headers["x-charter-cost-usd"] == NanoUSD(cost).dollars)
    }

    @Test(arguments: [
        #"{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,@"}}"#,
        #"{"type":"input_audio","input_audio":{"format":"wav","data":"@"}}"#,
        #"{"type":"video_url","video_url":{"url":"data:video/mp4;base64,@"}}"#,
        #"{"type":"file","file":{"file_id":"file-1"}}"#, #"{"type":"video_url","video_url":{"url":"https://example.test/a.mp4"}}"#,
    ])
    func `a document, a sound or a film closes a budget that has no room for it`(part: String) throws {
        // Text and answer alone come to a thousandth of a dollar.
        let (platform, provider) = try platform(budget: "0.01 USD/month", #"{"prompt_tokens":5,"completion_tokens":1}"#)
        defer { provider.stop() }
        let small = try ask(platform, part.replacing("@", with: "AAAA").replacing(#""file_id":"file-1""#, with: #""file_data":"AAAA""#)
            .replacing("https://example.test/a.mp4", with: "data:video/mp4;base64,AAAA"))
        #expect(small.status == 200, "\(small.text)")
        #expect(try ask(platform, part.replacing("@", with: String(repeating: "A", count: 400_000))).status == 429)
        #expect(provider.seen.count == 1)
    }
}
