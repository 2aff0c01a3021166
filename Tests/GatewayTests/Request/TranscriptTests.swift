import Gateway
import HTTP
import Spec
import Store
import TestKit
import Testing

/// Speech that models write down, and other forms.
@Suite struct TranscriptTests {
    private static let catalog = StandardConfiguration.catalogs(
        openai: """
            whisper-1: { upstreamName: whisper-large-v3-turbo, mode: audio-transcription, prices: { second: 0.0001 USD } }
            gpt-4o-transcribe: { mode: audio-transcription, prices: { input: 2.5 USD/M, audio-input: 6 USD/M, output: 10 USD/M } }
            dall-e-2: { upstreamName: d, mode: image-edit, prices: { image: 0.02 USD, input-image: 0.01 USD } }
            """)

    private func platform(key: String = "", beside: (UInt16) -> [String: String] = { _ in [:] }) throws -> Platform {
        try Platform(["catalog.yaml": Self.catalog, StandardConfiguration.keyPath: StandardConfiguration.key(spec: key)], beside: beside)
    }

    /// Two and a half seconds, as the simulated provider counts, with what a delimiter begins with in them.
    private static let sound = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) } + Array("\r\n----formdata".utf8)
    private static let path = "/v1/audio/transcriptions"

    private func form(_ model: String) -> TestForm { TestForm().with("file", file: "a b.wav", Self.sound).with("model", model) }

    @Test func `a recording is written down, and billed by the seconds that the provider tells`() throws {
        let platform = try platform(key: "  budget: { hard: 1 USD/day }\n")
        let answer = try TestClient(port: platform.port).send(Self.path, form("whisper-1"))
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json("text")?.isEmpty == false)
        let row = try #require(ImageTests.rows(platform, 1).first)
        // The provider counts as one the model that it is told.
        #expect(row.otherMeters == ["second": 3] && row.cost == NanoUSD(300_000) && !row.estimated)
        #expect(answer.headers["x-charter-cost-usd"] == "0.0003")
    }

    @Test func `tokens that the provider tells are billed, those of sound at their price`() throws {
        let platform = try platform()
        #expect(try TestClient(port: platform.port).send("/v1/audio/translations", form("gpt-4o-transcribe")).status == 200)
        let row = try #require(ImageTests.rows(platform, 1).first)
        #expect(row.input == 30 && row.output == 10 && row.otherMeters == ["audio-input": 30])
        #expect(row.cost == NanoUSD(30 * 6_000 + 10 * 10_000) && !row.estimated)
        #expect(row.terms.endpoint == "audio.translations")
    }

    @Test(arguments: ["text", "srt", "vtt"])
    func `plain text and subtitles pass as they are, and what they do not tell is reckoned`(format: String) throws {
        let platform = try platform()
        let client = TestClient(port: platform.port)
        let answer = try client.send(Self.path, form("whisper-1").with("response_format", format))
        #expect(answer.status == 200 && answer.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(answer.text.split(separator: " ").count == 10)
        #expect(try client.send(Self.path, form("gpt-4o-transcribe").with("response_format", format)).status == 200)
        let rows = try ImageTests.rows(platform, 2)
        #expect(rows.allSatisfy { $0.estimated && $0.flags.contains(.missing) && $0.cost > .zero })
        #expect(rows.contains { $0.otherMeters == ["second": 6] })
    }

    @Test func `events pass as they come, and their usage is read at their end`() throws {
        let platform = try platform()
        let answer = try TestClient(port: platform.port).send(Self.path, form("gpt-4o-transcribe").with("stream", "true"))
        #expect(answer.events.last?.contains("transcript.text.done") == true)
        let row = try #require(ImageTests.rows(platform, 1).first)
        #expect(row.input == 30 && row.output == 10 && !row.estimated)
    }

    @Test func `seconds that no recording can have are not believed`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in
            let text = #"{"text":"a","duration":"1e9","usage":{"type":"duration","seconds":1000000000}}"#
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(text.utf8))
        }
        let platform = try platform { StandardConfiguration.providers(provider.port, $0) }
        #expect(try TestClient(port: platform.port).send(Self.path, form("whisper-1")).status == 200)
        let row = try #require(ImageTests.rows(platform, 1).first)
        #expect(row.otherMeters == ["second": 6] && row.estimated && row.flags.contains(.tooLarge))
    }

    @Test func `only the model's name changes on the way, and every other byte is the client's`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(#"{"text":"a"}"#.utf8))
        }
        let platform = try platform { StandardConfiguration.providers(provider.port, $0) }
        let text = TestForm().with("prompt", "é \r\n--").with("model", "whisper-1").with("include[]", "a").with("include[]", "b").with("file", file: "x", Array("RIFF".utf8))
        let client = TestClient(port: platform.port)
        #expect(try client.send(Self.path, text).status == 200)
        let seen = try #require(provider.seen.first)
        let sent = String(decoding: text.bytes, as: UTF8.self)
        #expect(seen.body == sent.replacing("\r\n\r\nwhisper-1\r\n", with: "\r\n\r\nwhisper-large-v3-turbo\r\n"))
        #expect(seen.headers["content-type"] == text.contentType)
        #expect(seen.headers["content-length"] == "\(seen.body.utf8.count)")
        #expect(seen.target == "/v1/audio/transcriptions")
    }

    @Test func `a second target gets the form with its own name of the model`() throws {
        let provider = try ScriptedProvider { exchange, number, _ in
            number == 0 ? exchange.refuse(503) : exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(#"{"text":"a"}"#.utf8))
        }
        let platform = try Platform(
            ["catalog.yaml": Self.catalog, "route.yaml": StandardConfiguration.route("{ model: openai/whisper-1 }", fallback: "[openai/gpt-4o-transcribe]")],
            beside: { StandardConfiguration.providers(provider.port, $0) })
        #expect(try TestClient(port: platform.port).send(Self.path, form("assistant")).status == 200)
        let bodies = provider.seen.map(\.body)
        #expect(bodies.count == 2 && bodies[0].contains("\r\n\r\nwhisper-large-v3-turbo\r\n--"))
        #expect(bodies[1] == bodies[0].replacing("whisper-large-v3-turbo", with: "gpt-4o-transcribe"))
    }

    @Test(arguments: [
        (TestForm().with("file", file: "a", [1]), "missing_parameter", "model"),
        (TestForm().with("model", "whisper-1"), "missing_parameter", "file"),
        (TestForm().with("model", "whisper-1").with("file", "text"), "missing_parameter", "file"),
        (TestForm().with("model", "").with("file", file: "a", [1]), "invalid_parameter", "model"),
        (TestForm().with("model", "whisper-1").with("model", "whisper-1").with("file", file: "a", [1]), "invalid_parameter", "model"),
        (TestForm().with("model", file: "m", Array("whisper-1".utf8)).with("file", file: "a", [1]), "invalid_parameter", "model"),
        (TestForm().with("model", "whisper-1").with("file", file: "a", [1]).with("file", file: "b", [1]), "invalid_parameter", "file"),
        (TestForm().with("model", "nobody").with("file", file: "a", [1]), "model_not_found", "model"),
    ] as [(TestForm, String, String)])
    func `a form that could be read in two ways is refused before a provider is asked`(form: TestForm, code: String, param: String) throws {
        let platform = try platform()
        let answer = try TestClient(port: platform.port).send(Self.path, form)
        #expect(answer.json("error", "code") == code, "\(answer.text)")
        #expect(answer.json("error", "param") == param)
        #expect(platform.folder.read("openai.log").isEmpty)
    }

    @Test func `a body that is no form is refused`() throws {
        let platform = try platform()
        let client = TestClient(port: platform.port)
        #expect(try client.send("POST", Self.path, body: #"{"model":"whisper-1"}"#).json("error", "code") == "invalid_request_body")
        var broken = form("whisper-1")
        broken.boundary = "RIFF"
        broken.parts[0].content = Array("x--RIFF".utf8)
        #expect(try client.send(Self.path, broken).json("error", "message")?.contains("delimiter") == true)
    }

    @Test func `images are changed and varied, and billed by those that are made and those that are brought`() throws {
        let platform = try platform(key: "  budget: { hard: 1 USD/day }\n")
        let client = TestClient(port: platform.port)
        let image = TestForm().with("model", "dall-e-2").with("image[]", file: "a.png", [1, 2]).with("image[]", file: "b.png", [3]).with("n", "2").with("prompt", "hats")
        #expect(try client.send("/v1/images/edits", image).json("data", "1", "b64_json") != nil)
        #expect(try client.send("/v1/images/variations", TestForm().with("model", "dall-e-2").with("image", file: "a.png", [1])).status == 200)
        let rows = try ImageTests.rows(platform, 2)
        #expect(Set(rows.map(\.otherMeters)) == [["image": 2, "input-image": 2], ["image": 1, "input-image": 1]])
        #expect(rows.allSatisfy { !$0.estimated && $0.cost.rawValue == $0.otherMeters["image", default: 0] * 20_000_000 + $0.otherMeters["input-image", default: 0] * 10_000_000 })
        #expect(try client.send("/v1/images/edits", TestForm().with("model", "dall-e-2").with("prompt", "x")).json("error", "param") == "image")
        #expect(try client.send("/v1/images/edits", image.with("n", "3")).json("error", "code") == "invalid_parameter")
    }

    @Test func `a recording of 25 MiB passes whole, and its room is given back`() throws {
        let platform = try platform()
        let long = TestForm().with("file", file: "a.wav", [UInt8](repeating: UInt8(ascii: "-"), count: 25 << 20)).with("model", "whisper-1")
        let answer = try TestClient(port: platform.port).send(Self.path, long)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try ImageTests.rows(platform, 1).first?.otherMeters == ["second": 1639])
        try eventually(within: .seconds(5), "no body is held") { try Self.heldBytes(platform) == 0 }
    }

    private static func heldBytes(_ platform: Platform) throws -> Int? {
        let page = try TestClient(port: platform.port).get("/metrics", key: nil).text
        return page.split(separator: "\n").first { $0.hasPrefix("charter_body_bytes") && !$0.hasPrefix("#") }.flatMap { Int($0.split(separator: " ").last ?? "") }
    }
}
