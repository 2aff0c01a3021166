import Policy
import Spec
import Testing

/// What requests for pictures, sound and judgements of texts ask of limits and budgets.
@Suite struct MeteredClaimTests {
    private static let catalog = """
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: made }
        spec:
          provider: vllm
          models:
            pixel: { mode: image-generation, prices: { image: 0.04 USD } }
            painter: { mode: image-generation, prices: { input: 5 USD/M, image-input: 10 USD/M, image-output: 40 USD/M } }
            both: { mode: image-generation, prices: { input: 5 USD/M, image-output: 40 USD/M, image: 0.04 USD, input-image: 0.01 USD } }
            voice: { mode: audio-speech, prices: { character-input: 15 USD/M } }
            talker: { mode: audio-speech, prices: { input: 1 USD/M, audio-output: 12 USD/M } }
            timed: { mode: audio-speech, prices: { second-output: 0.001 USD } }
            ears: { mode: audio-transcription, prices: { second: 0.0001 USD } }
            scribe: { mode: audio-transcription, prices: { input: 2.5 USD/M, audio-input: 6 USD/M, output: 10 USD/M } }
            judge: { mode: moderation, prices: { input: 0 USD/M } }
            clerk: { mode: moderation, prices: { request: 0.001 USD } }
            half: { mode: image-generation, prices: { input: 5 USD/M } }
            none: { mode: moderation }
        ---
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: media }
        spec:
          endpoints: [moderations, images.generations, images.edits, images.variations, audio.speech, audio.transcriptions, audio.translations]
        """

    private func world(_ spec: String = "") -> World {
        let key = World.key(spec).replacing("[chat]", with: "[media]")
        return World(files: ["made.yaml": Self.catalog, "orgs/acme/key.yaml": key])
    }

    private func claim(
        _ endpoint: Endpoint, _ model: String, key: String = "", _ change: (inout RequestFacts) -> Void = { _ in }
    ) throws -> Claim {
        var facts = RequestFacts(endpoint: endpoint, model: "vllm/" + model, inputBytes: 400)
        change(&facts)
        return try world(key).snapshot().admit(facts).get()
    }

    @Test func `images are held by the piece where they have a price, and else by their tokens`() throws {
        #expect(try claim(.imagesGenerations, "pixel") { $0.choices = 3 }.hold == NanoUSD(3 * 40_000_000))
        let painted = try claim(.imagesGenerations, "painter") { facts in
            facts.choices = 2
            facts.media.madeImageTokens = 1_000
        }
        #expect(painted.hold == NanoUSD(400 * 5_000 + 2_000 * 40_000))
        #expect(painted.output == 2_000)
        // A picture to change is looked at closely, and counts where it has a price by itself.
        let changed = try claim(.imagesEdits, "both") { facts in
            facts.images = 2
            facts.media.madeImageTokens = 1_000
        }
        #expect(changed.hold > NanoUSD(2 * 10_000_000 + 40_000_000 + 1_000 * 40_000))
    }

    @Test func `speech is held by its characters, and else by as long as it may take to speak them`() throws {
        #expect(try claim(.audioSpeech, "voice") { $0.media.characters = 1_000 }.hold == NanoUSD(1_000 * 15_000))
        let timed = try claim(.audioSpeech, "timed") { $0.media.characters = 1_000 }
        #expect(timed.hold == NanoUSD(250 * 1_000_000))
        let slow = try claim(.audioSpeech, "timed") { facts in
            facts.media.characters = 1_000
            facts.media.speed = 500
        }
        #expect(slow.hold == NanoUSD(500 * 1_000_000))
        #expect(try claim(.audioSpeech, "talker") { $0.media.characters = 1_000 }.hold == NanoUSD(400 * 1_000 + 250 * 21 * 12_000))
    }

    @Test func `a recording is held by the longest that it may be`() throws {
        #expect(try claim(.audioTranscriptions, "ears") { $0.media.soundBytes = 1_000_000 }.hold == NanoUSD(500 * 100_000))
        let written = try claim(.audioTranslations, "scribe") { $0.media.soundBytes = 1_000_000 }
        #expect(written.hold == NanoUSD(400 * 2_500 + 15_625 * 6_000 + 500 * 8 * 10_000))
        #expect(written.inputTokens > 1_000)
    }

    @Test func `what has no price by the token asks nothing of a limit of tokens`() throws {
        let limit = "  limits: [100 tokens/min]"
        #expect(try claim(.imagesGenerations, "pixel", key: limit).output == 0)
        #expect(throws: Refusal.self) { try claim(.imagesGenerations, "painter", key: limit) { $0.media.madeImageTokens = 1_000 } }
    }

    @Test func `judgements cost what is declared, and nothing is silently free`() throws {
        #expect(try claim(.moderations, "judge").hold == .zero)
        #expect(try claim(.moderations, "clerk").hold == NanoUSD(1_000_000))
        let budget = "  budget: { hard: 1 USD/day }"
        for (endpoint, model) in [(Endpoint.moderations, "none"), (.imagesGenerations, "half"), (.audioSpeech, "half"), (.audioTranscriptions, "half")] {
            let refused = try world(budget).snapshot().admit(RequestFacts(endpoint: endpoint, model: "vllm/" + model, inputBytes: 4))
            #expect(refused.failure?.code == .modelUnpriced, "\(endpoint) \(model)")
        }
        // Validation tells the same before anybody asks.
        let found = try world(budget).compile().diagnostics.filter { $0.code == .modelUnpriced }.map(\.message)
        #expect(found.contains { $0.contains("vllm/") } && !found.contains { $0.contains("pixel") })
    }

    @Test func `each operation is opened by a scope of its own name alone`() throws {
        let endpoints: [Endpoint] = Endpoint.allCases.filter(\.isMetered)
        #expect(endpoints.count == 7)
        for opened in endpoints {
            let scope = "apiVersion: charter/v1\nkind: Scope\nmetadata: { name: media }\nspec: { endpoints: [\(opened.rawValue)] }\n"
            let catalog = Self.catalog.replacing(#/---(.|\n)*/#, with: "---\n" + scope)
            let snapshot = try World(files: ["made.yaml": catalog, "orgs/acme/key.yaml": World.key("").replacing("[chat]", with: "[media]")]).snapshot()
            for endpoint in Endpoint.allCases where endpoint.namesModel {
                let outcome = try snapshot.authorize(snapshot.caller(), RequestFacts(endpoint: endpoint, model: "vllm/pixel"))
                #expect((outcome.failure == nil) == (endpoint == opened), "\(endpoint) by \(opened)")
            }
        }
    }

    @Test func `the hold is never less than what is billed`() throws {
        var random = Seeded(state: 33)
        let snapshot = try world().snapshot()
        for _ in 0..<300 {
            var facts = RequestFacts(endpoint: .imagesEdits, model: "vllm/both", inputBytes: .random(in: 0...4_000, using: &random))
            facts.choices = .random(in: 1...4, using: &random)
            facts.images = .random(in: 0...4, using: &random)
            facts.media.madeImageTokens = .random(in: 0...6_240, using: &random)
            let claim = try snapshot.admit(facts).get()
            for target in snapshot.route(claim, draw: random.next()) {
                var usage = Usage(
                    input: Int64.random(in: 0...Int64(facts.inputBytes), using: &random) + Int64(facts.images) * 6_240,
                    output: Int64.random(in: 0...claim.output, using: &random))
                usage.attributeToMedia(at: .imagesEdits)
                usage.other[.image] = Int64(facts.choices)
                usage.other[.inputImage] = Int64(facts.images)
                #expect(target.cost(of: usage) <= claim.hold)
            }
        }
    }
}
