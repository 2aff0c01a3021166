import Policy
import Spec
import Testing

@Suite struct MediaClaimTests {
    private static let catalog = """
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: media }
        spec:
          provider: vllm
          models:
            omni:
              context: 100k
              maxOutput: 4096
              prices: { input: 2 USD/M, output: 10 USD/M, audio-input: 40 USD/M, audio-output: 80 USD/M, image: 0.01 USD, image-input: 4 USD/M }
            open: { prices: { input: 1 USD/M, output: 1 USD/M } }
            half: { prices: { input: 1 USD/M } }
            answers: { prices: { output: 1 USD/M } }
            graded:
              context: 1M
              maxOutput: 4096
              prices:
                - meters: { input: 2 USD/M, output: 10 USD/M }
                  above: [{ input: 100k, meters: { input: 1 USD/M, output: 20 USD/M } }]
                  tiers: { flex: { meters: { input: 1 USD/M } }, priority: { meters: { input: 4 USD/M, output: 40 USD/M } } }
            flat: { prices: { request: 0.01 USD } }
        """

    private func snapshot(key: String = "") throws -> Snapshot {
        try World(key: key, files: ["media.yaml": Self.catalog]).snapshot()
    }

    private func claim(_ model: String = "vllm/omni", _ change: (inout RequestFacts) -> Void) throws -> Claim {
        var facts = RequestFacts.chat(model)
        change(&facts)
        return try snapshot().admit(facts).get()
    }

    /// 400 bytes of text at 2 USD/M and 100 tokens of answer at 10 USD/M.
    private static let text: Int64 = 400 * 2_000 + 100 * 10_000

    @Test func `a file is held by its size`() throws {
        let claim = try claim { facts in
            facts.media.files = 1
            facts.media.fileBytes = 80_000
        }
        #expect(claim.inputTokens == 100 + 10_000 + TokenPolicy.imageTokens)
        // A token for every byte, and its pages as pictures.
        #expect(claim.hold == NanoUSD(Self.text + (80_000 + TokenPolicy.imageTokens) * 4_000))
    }

    @Test func `a file that seems too long is taken to fit, and leaves room for the answer`() throws {
        let claim = try claim { facts in
            facts.media.files = 1
            facts.media.fileBytes = 20_000_000
        }
        #expect(claim.inputTokens == 100_000)
        #expect(claim.outputCap == 100)
        #expect(claim.hold == NanoUSD(100_000 * 4_000 + 100 * 10_000))
    }

    @Test func `sound is held by its length and at its own price, and a spoken answer only where one is asked for`() throws {
        let heard = try claim { $0.media.soundBytes = 256_000 }
        #expect(heard.inputTokens == 100 + 1_000)
        #expect(heard.hold == NanoUSD(Self.text + 4_000 * 40_000))
        let spoken = try claim { $0.asksForSound = true }
        #expect(spoken.hold == NanoUSD(400 * 2_000 + 100 * 80_000))
    }

    @Test func `what is only named is held for as long as a document may be`() throws {
        let bounded = try claim { $0.media.unseen = 1 }
        #expect(bounded.inputTokens > 10_000 && bounded.inputTokens < 100_000)
        // The whole context, at the dearest that film may cost.
        #expect(bounded.hold == NanoUSD(100_000 * 40_000 + 100 * 10_000))
        let unbounded = try claim("vllm/open") { $0.media.unseen = 1 }
        #expect(unbounded.hold > NanoUSD(100_000 * 1_000))
    }

    @Test func `an image whose detail does not matter needs less, and costs as any other where images have a price`() throws {
        let sharp = try claim { $0.images = 3 }
        let claim = try claim { facts in
            facts.images = 3
            facts.media.lowImages = 2
        }
        #expect(sharp.inputTokens == 100 + 3 * TokenPolicy.imageTokens)
        #expect(claim.inputTokens == 100 + TokenPolicy.imageTokens + 2 * TokenPolicy.lowImageTokens)
        #expect(claim.hold == NanoUSD(Self.text + (claim.inputTokens - 100) * 4_000 + 3 * 10_000_000))
    }

    @Test func `the hold is never less than the cost of what it covers, whatever it is made of`() throws {
        var random = Seeded(state: 21)
        let snapshot = try snapshot()
        for _ in 0..<500 {
            var facts = RequestFacts.chat("vllm/omni", bytes: .random(in: 0...20_000, using: &random), maxOutput: .random(in: 0...9_000, using: &random))
            facts.images = .random(in: 0...5, using: &random)
            facts.media.lowImages = .random(in: 0...5, using: &random)
            facts.media.soundBytes = .random(in: 0...2_000_000, using: &random)
            facts.media.fileBytes = .random(in: 0...60_000, using: &random)
            facts.media.files = facts.media.fileBytes > 0 ? 1 : 0
            facts.asksForSound = .random(using: &random)
            let claim = try snapshot.admit(facts).get()
            for target in snapshot.route(claim, draw: random.next()) {
                let sound = Int64.random(in: 0...Int64(facts.media.soundBytes) / 64, using: &random)
                let pictures = Int64.random(in: 0...Int64(facts.images) * 258 + Int64(facts.media.fileBytes), using: &random)
                let input = min(100_000, sound + pictures + .random(in: 0...Int64(facts.inputBytes), using: &random))
                let output = Int64.random(in: 0...claim.outputCap, using: &random)
                var usage = Usage(input: input, output: output, cacheRead: .random(in: 0...input, using: &random))
                usage.other = [.audioInput: min(sound, input), .imageInput: pictures, .image: Int64(facts.images)]
                if facts.asksForSound { usage.other[.audioOutput] = .random(in: 0...output, using: &random) }
                #expect(target.cost(of: usage) <= claim.hold)
            }
        }
    }

    @Test func `the hold is the dearest of the sizes that the input may have, and of the class of service that is asked for`() throws {
        func hold(_ bytes: Int, _ tier: String? = nil) throws -> NanoUSD {
            try claim("vllm/graded") { facts in
                facts.inputBytes = bytes
                facts.maxOutput = 1_000
                facts.serviceTier = tier
            }.hold
        }
        #expect(try hold(100_000) == NanoUSD(100_000 * 2_000 + 1_000 * 10_000))
        // Beyond the step the input is cheaper, so that a smaller one might cost more.
        #expect(try hold(100_001) == NanoUSD(100_001 * 2_000 + 1_000 * 10_000))
        #expect(try hold(10_000, "priority") == NanoUSD(10_000 * 4_000 + 1_000 * 40_000))
        // A provider may serve in another class, and chooses one itself where it is left to it.
        #expect(try hold(10_000, "flex") == NanoUSD(10_000 * 2_000 + 1_000 * 10_000))
        #expect(try hold(10_000, "auto") == hold(10_000, "priority"))
        #expect(try hold(10_000, "default") == hold(10_000))
    }

    @Test(arguments: ["vllm/half", "vllm/answers"])
    func `a model with a price for only one of question and answer counts as one without prices`(model: String) throws {
        let budget = "  budget: { hard: 1 USD/day }"
        #expect(try snapshot(key: budget).admit(.chat(model)).failure?.code == .modelUnpriced)
        let snapshot = try snapshot()
        let claim = try snapshot.admit(.chat(model)).get()
        #expect(claim.hold == .zero)
        #expect(snapshot.route(claim, draw: 0).map(\.priceVersion) == [""])
        let found = try World(key: budget, files: ["media.yaml": Self.catalog]).compile().diagnostics
        #expect(found.contains { $0.code == .modelUnpriced && $0.message.contains("a part only") })
    }

    @Test func `an embedding needs no price of an answer, and a price for each request is one`() throws {
        let key = World.key("  budget: { hard: 1 USD/day }").replacing("[chat]", with: "[chat, embeddings]")
        let snapshot = try World(files: ["media.yaml": Self.catalog, "orgs/acme/key.yaml": key]).snapshot()
        let embedding = RequestFacts(endpoint: .embeddings, model: "vllm/half", inputBytes: 400)
        #expect(try snapshot.admit(embedding).get().hold == NanoUSD(400_000))
        #expect(try snapshot.admit(.chat("vllm/flat")).get().hold == NanoUSD(10_000_000))
    }
}
