import Gateway
import HTTP
import Spec
import Store
import TestKit
import Testing

/// Pictures that models make.
@Suite struct ImageTests {
    static let catalog = StandardConfiguration.catalogs(
        openai: """
            gpt-4o: { prices: { input: 2 USD/M, output: 10 USD/M } }
            dall-e-3: { mode: image-generation, prices: { image: 0.04 USD } }
            gpt-image-1: { mode: image-generation, prices: { input: 5 USD/M, image-input: 10 USD/M, image-output: 40 USD/M, image: 1 USD } }
            gpt-image-pieces: { mode: image-generation, prices: { input: 5 USD/M, image: 0.02 USD, input-image: 0.01 USD } }
            """)

    static func platform(_ files: [String: String] = [:], key: String = "", configure: @escaping @Sendable (inout GatewayOptions) -> Void = { _ in }) throws -> Platform {
        var all = ["catalog.yaml": catalog, StandardConfiguration.keyPath: StandardConfiguration.key(spec: key)]
        all.merge(files) { _, new in new }
        return try Platform(all, configure: configure)
    }

    /// All that there are, once there are so many; one more than these is seen too.
    static func rows(_ platform: Platform, _ count: Int) throws -> [UsageRow] {
        _ = try platform.ledger(rows: count)
        return try Connection(platform.database).transaction { try Ledger.recent($0, .everything, limit: count + 1) }
    }

    private func draw(_ platform: Platform, _ model: String, _ more: String = "", headers: [String: String] = [:]) throws -> TestClient.Answer {
        try TestClient(port: platform.port).send(
            "POST", "/v1/images/generations", body: #"{"model":"\#(model)","prompt":"a red fox"\#(more)}"#, headers: headers)
    }

    @Test func `images are billed by the piece where that is their price`() throws {
        let platform = try Self.platform(key: "  budget: { hard: 1 USD/day }\n")
        let answer = try draw(platform, "dall-e-3", #","n":2,"size":"1024x1024""#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json("data", "1", "b64_json")?.isEmpty == false)
        #expect(answer.headers["x-charter-cost-usd"] == "0.08")
        let row = try #require(Self.rows(platform, 1).first)
        #expect(row.otherMeters == ["image": 2] && row.cost == NanoUSD(80_000_000) && !row.estimated)
        #expect(row.terms.endpoint == "images.generations")
    }

    @Test func `tokens that the provider tells pay for images that have a price by the token`() throws {
        let platform = try Self.platform(key: "  budget: { hard: 10 USD/day }\n")
        #expect(try draw(platform, "gpt-image-1", #","n":2,"quality":"low""#).status == 200)
        let row = try #require(Self.rows(platform, 1).first)
        // Three words, and two images of 272 tokens; not also by the piece.
        #expect(row.input == 3 && row.output == 544 && row.otherMeters == ["image-output": 544])
        #expect(row.cost == NanoUSD(3 * 5_000 + 544 * 40_000) && !row.estimated)
    }

    @Test func `tokens that have no price leave the price by the piece`() throws {
        let platform = try Self.platform()
        #expect(try draw(platform, "gpt-image-pieces").status == 200)
        let row = try #require(Self.rows(platform, 1).first)
        #expect(row.cost == NanoUSD(3 * 5_000 + 20_000_000) && row.otherMeters["image"] == 1 && !row.estimated)
    }

    @Test func `tokens that are not told are reckoned at most, and by the piece where images have that price too`() throws {
        let platform = try Self.platform(["catalog.yaml": Self.catalog.replacing(", image: 1 USD", with: "")])
        #expect(try draw(platform, "gpt-image-1", #","quality":"low""#, headers: ["x-simulate-oddity": "no-usage"]).status == 200)
        let row = try #require(Self.rows(platform, 1).first)
        #expect(row.estimated && row.output == 408 && row.otherMeters == ["image-output": 408])
    }

    @Test func `a budget admits no more images than it can pay for`() throws {
        let platform = try Self.platform(key: "  budget: { hard: 0.10 USD/day }\n")
        #expect(try draw(platform, "dall-e-3", #","n":3"#).json("error", "charter", "code") == "budget_exceeded")
        #expect(try draw(platform, "dall-e-3", #","n":2"#).status == 200)
        #expect(try draw(platform, "dall-e-3").status == 429)
        #expect(try Self.rows(platform, 1).count == 1)
    }

    @Test func `an image that breaks off is billed, and one that is refused is not`() throws {
        let platform = try Self.platform()
        #expect(try draw(platform, "dall-e-3", headers: ["x-simulate-truncate-after": "1"]).status == 502)
        #expect(try draw(platform, "dall-e-3", headers: ["x-simulate-status": "400"]).status == 400)
        let rows = try Self.rows(platform, 2)
        #expect(rows.map(\.cost).sorted { $0.rawValue < $1.rawValue } == [.zero, NanoUSD(40_000_000)])
        #expect(rows.contains { $0.estimated && $0.status == 502 })
    }

    @Test func `events pass as they come, and their usage is read at their end`() throws {
        let events = """
            event: image_generation.partial_image
            data: {"type":"image_generation.partial_image","b64_json":"AAAA","partial_image_index":0}

            event: image_generation.completed
            data: {"type":"image_generation.completed","b64_json":"AAAA","usage":{"total_tokens":103,"input_tokens":3,"output_tokens":100,"input_tokens_details":{"text_tokens":3,"image_tokens":0}}}


            """
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            for byte in events.utf8 { exchange.write([byte]) }
            exchange.end()
        }
        let platform = try Platform(["catalog.yaml": Self.catalog], beside: { StandardConfiguration.providers(provider.port, $0) })
        let answer = try draw(platform, "gpt-image-1", #","stream":true,"partial_images":1"#)
        #expect(answer.status == 200 && answer.isWhole)
        #expect(answer.headers["content-type"] == "text/event-stream")
        #expect(answer.text == events)
        let row = try #require(Self.rows(platform, 1).first)
        #expect(row.cost == NanoUSD(3 * 5_000 + 100 * 40_000) && !row.estimated)
        #expect(provider.seen.first?.body.contains("stream_options") == false)
    }

    @Test func `an answer of many megabytes passes, and its usage is read at its end`() throws {
        let picture = String(repeating: "A", count: 6 << 20)
        let provider = try ScriptedProvider { exchange, _, _ in
            let text = #"{"created":1,"data":[{"b64_json":"\#(picture)"}],"usage":{"input_tokens":3,"output_tokens":6000,"total_tokens":6003}}"#
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(text.utf8))
        }
        let platform = try Platform(["catalog.yaml": Self.catalog], beside: { StandardConfiguration.providers(provider.port, $0) })
        let answer = try draw(platform, "gpt-image-1")
        #expect(answer.status == 200 && answer.isWhole && answer.body.count > 6 << 20)
        #expect(try Self.rows(platform, 1).first?.cost == NanoUSD(3 * 5_000 + 6000 * 40_000))
    }

    @Test(arguments: [(#"{"prompt":"x"}"#, "missing_parameter"), (#"{"model":"dall-e-3"}"#, "missing_parameter"), (#"{"model":"dall-e-3","prompt":"x","n":0}"#, "invalid_parameter"), (#"{"model":"dall-e-3","prompt":"x","n":1025}"#, "invalid_parameter")])
    func `mistakes are told before a provider is asked`(body: String, code: String) throws {
        let platform = try Self.platform()
        let answer = try TestClient(port: platform.port).send("POST", "/v1/images/generations", body: body)
        #expect(answer.json("error", "code") == code)
        #expect(platform.folder.read("openai.log").isEmpty)
    }

    @Test func `a key without the operation in its scopes is refused`() throws {
        let platform = try Platform(["catalog.yaml": Self.catalog, StandardConfiguration.keyPath: StandardConfiguration.key(spec: "", scopes: "[embeddings]")])
        let answer = try draw(platform, "dall-e-3")
        #expect(answer.json("error", "code") == "scope_denied")
        #expect(answer.json("error", "message")?.contains("images.generations") == true)
    }
}
