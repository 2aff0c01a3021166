import Gateway
import HTTP
import Policy
import Spec
import Store
import TestKit
import Testing

/// Texts that models speak.
@Suite struct SpeechTests {
    private static let catalog = StandardConfiguration.catalogs(
        openai: """
            tts-1: { upstreamName: tts-1-1106, mode: audio-speech, prices: { character-input: 15 USD/M } }
            gpt-4o-mini-tts: { mode: audio-speech, prices: { input: 0.60 USD/M, audio-output: 12 USD/M } }
            timed: { mode: audio-speech, prices: { second-output: 0.001 USD } }
            """)

    private func platform(key: String = "") throws -> Platform {
        try Platform(["catalog.yaml": Self.catalog, StandardConfiguration.keyPath: StandardConfiguration.key(spec: key)])
    }

    /// Three words, of fifteen characters.
    private func speak(_ platform: Platform, _ model: String, _ more: String = "", headers: [String: String] = [:]) throws -> TestClient.Answer {
        try TestClient(port: platform.port).send(
            "POST", "/v1/audio/speech", body: #"{"model":"\#(model)","input":"größer ab cdefg","voice":"alloy"\#(more)}"#, headers: headers)
    }

    @Test func `sound passes as it is, and is billed by the characters of the text`() throws {
        let platform = try platform(key: "  budget: { hard: 1 USD/day }\n")
        let answer = try speak(platform, "tts-1")
        #expect(answer.status == 200 && answer.isWhole)
        #expect(answer.headers["content-type"] == "audio/mpeg")
        #expect(answer.body == (0..<300).map { UInt8(truncatingIfNeeded: $0) })
        #expect(answer.headers["x-charter-model"] == "openai/tts-1")
        let row = try #require(ImageTests.rows(platform, 1).first)
        #expect(row.otherMeters == ["character-input": 15] && row.cost == NanoUSD(15 * 15_000) && !row.estimated)
        #expect(platform.folder.read("openai.log").contains(#""model":"tts-1-1106","endpoint":"audio.speech""#))
    }

    @Test func `events tell the usage at their end`() throws {
        let platform = try platform()
        let answer = try speak(platform, "gpt-4o-mini-tts", #","stream_format":"sse""#)
        #expect(answer.headers["content-type"]?.hasPrefix("text/event-stream") == true)
        #expect(answer.events.count == 2 && answer.events[1].contains("speech.audio.done"))
        let row = try #require(ImageTests.rows(platform, 1).first)
        #expect(row.input == 3 && row.output == 30 && row.otherMeters == ["audio-output": 30])
        #expect(row.cost == NanoUSD(3 * 600 + 30 * 12_000) && !row.estimated)
    }

    @Test func `what is not told is reckoned from the text, and said to be`() throws {
        let platform = try platform()
        #expect(try speak(platform, "gpt-4o-mini-tts").status == 200)
        #expect(try speak(platform, "timed", #","speed":0.5"#).status == 200)
        let rows = try ImageTests.rows(platform, 2)
        #expect(rows.allSatisfy { $0.estimated && $0.flags.contains(.missing) })
        // A second of fifteen characters at the usual speed.
        let tokens = try #require(rows.first { $0.terms.model == "openai/gpt-4o-mini-tts" })
        #expect(tokens.output == TokenPolicy.spokenTokensPerSecond && tokens.cost == NanoUSD(tokens.input * 600 + tokens.output * 12_000))
        let timed = try #require(rows.first { $0.terms.model == "openai/timed" })
        #expect(timed.otherMeters == ["second-output": 2] && timed.cost == NanoUSD(2_000_000))
    }

    @Test func `a budget admits no more than its characters`() throws {
        let platform = try platform(key: "  budget: { hard: 0.0003 USD/day }\n")
        #expect(try speak(platform, "tts-1").status == 200)
        #expect(try speak(platform, "tts-1").status == 429)
        #expect(try ImageTests.rows(platform, 1).count == 1)
    }

    @Test func `speech that breaks off ends unclean for the client too, and is billed`() throws {
        let platform = try platform()
        let answer = try speak(platform, "tts-1", headers: ["x-simulate-truncate-after": "1"])
        #expect(answer.status == 200 && !answer.isWhole)
        let row = try #require(ImageTests.rows(platform, 1).first)
        #expect(row.cost == NanoUSD(15 * 15_000) && row.estimated && row.flags.contains(.cut))
    }

    @Test func `a page in place of sound is the provider's fault`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "text/html"]), body: Array("<html>".utf8))
        }
        let platform = try Platform(["catalog.yaml": Self.catalog], beside: { StandardConfiguration.providers(provider.port, $0) })
        #expect(try speak(platform, "tts-1").status == 502)
        #expect(provider.seen.first?.headers["accept"] == "*/*")
    }

    @Test(arguments: [
        (#"{"model":"tts-1","voice":"alloy"}"#, "missing_parameter"), (#"{"model":"tts-1","input":["a"],"voice":"alloy"}"#, "invalid_parameter"),
        (#"{"model":"tts-1","input":"a","speed":9}"#, "invalid_parameter"), (#"{"input":"a"}"#, "missing_parameter"),
    ])
    func `mistakes are told before a provider is asked`(body: String, code: String) throws {
        let platform = try platform()
        let answer = try TestClient(port: platform.port).send("POST", "/v1/audio/speech", body: body)
        #expect(answer.json("error", "code") == code)
        #expect(platform.folder.read("openai.log").isEmpty)
    }
}
