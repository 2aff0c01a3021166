import Policy
import Spec
import Testing

@Suite struct ClaimTests {
    private func claim(_ facts: RequestFacts, key: String = "", files: [String: String] = [:]) throws -> Result<Claim, Refusal> {
        try World(key: key, files: files).snapshot().admit(facts)
    }

    @Test func `input is estimated at four bytes a token, rounded up`() throws {
        #expect(try claim(.chat(bytes: 400)).get().inputTokens == 100)
        #expect(try claim(.chat(bytes: 401)).get().inputTokens == 101)
    }

    @Test func `a learned ratio takes the place of the assumed one`() throws {
        var facts = RequestFacts.chat(bytes: 400)
        facts.ratios = TokenRatios(thousandths: ["openai/gpt-4o": 2_500])
        #expect(try claim(facts).get().inputTokens == 160)
    }

    @Test func `counted tokens are taken as they are`() throws {
        var facts = RequestFacts.chat(bytes: 4_000)
        facts.inputTokens = 7
        #expect(try claim(facts).get().inputTokens == 7)
    }

    @Test func `an image has a flat allowance`() throws {
        var facts = RequestFacts.chat(bytes: 0)
        facts.images = 2
        #expect(try claim(facts).get().inputTokens == 2 * TokenPolicy.imageTokens)
    }

    @Test func `output is capped by request, model and context`() throws {
        #expect(try claim(.chat(maxOutput: 50)).get().outputCap == 50)
        #expect(try claim(.chat(maxOutput: 1_000_000)).get().outputCap == 16_384)
        #expect(try claim(.chat(maxOutput: nil)).get().outputCap == 16_384)
        #expect(try claim(.chat("openai/gpt-4o-mini", bytes: 3_600, maxOutput: nil)).get().outputCap == 100)
    }

    @Test func `output that nothing bounds is assumed, and said to be`() throws {
        let claim = try claim(.chat("openai/o3-pro", maxOutput: nil)).get()
        #expect(claim.outputCap == TokenPolicy.outputAssumed)
        #expect(claim.outputIsAssumed)
        #expect(try self.claim(.chat()).get().outputIsAssumed == false)
    }

    @Test func `embeddings have no output`() throws {
        let key = World.key("").replacing("[chat]", with: "[embeddings]")
        let facts = RequestFacts(endpoint: .embeddings, model: "openai/gpt-4o", inputBytes: 400)
        let claim = try claim(facts, files: ["orgs/acme/key.yaml": key]).get()
        #expect(claim.outputCap == 0)
        // 400 tokens, one for each byte, at 2.50 USD/M.
        #expect(claim.hold == NanoUSD(1_000_000))
    }

    @Test func `the hold is the dearest that the request can come to`() throws {
        // One token for each byte at 2.50 USD/M and twice 100 tokens at 10 USD/M.
        var facts = RequestFacts.chat(bytes: 1_000, maxOutput: 100)
        facts.choices = 2
        #expect(try claim(facts).get().hold == NanoUSD(2_500_000 + 2_000_000))
    }

    @Test func `several prompts have answers each, and a context each`() throws {
        // The model's context holds 1,000 tokens.
        var facts = RequestFacts.chat("openai/gpt-4o-mini", bytes: 10_000, maxOutput: 100)
        #expect(try claim(facts).failure?.code == .contextLengthExceeded)
        facts.inputs = 5
        let several = try claim(facts).get()
        #expect(several.outputCap == 100)
        #expect(several.output == 500)
        facts.choices = 2
        #expect(try claim(facts).get().output == 1_000)
        facts.inputs = 2
        #expect(try claim(facts).failure?.code == .contextLengthExceeded)
    }

    @Test func `the hold covers the dearest of a route's models`() throws {
        // o3-pro, in the fallback: 20 and 80 USD/M.
        #expect(try claim(.chat("assistant", bytes: 100, maxOutput: 10)).get().hold == NanoUSD(2_000_000 + 800_000))
    }

    @Test func `the hold is never less than the cost of what it covers`() throws {
        var random = Seeded(state: 12)
        let snapshot = try World().snapshot()
        for _ in 0..<500 {
            let bytes = Int.random(in: 0...20_000, using: &random)
            let claim = try snapshot.admit(.chat("assistant", bytes: bytes, maxOutput: .random(in: 0...9_000, using: &random))).get()
            for target in snapshot.route(claim, draw: random.next()) {
                let input = Int64.random(in: 0...Int64(bytes), using: &random)
                let usage = Usage(
                    input: input, output: .random(in: 0...claim.outputCap, using: &random),
                    cacheRead: .random(in: 0...input, using: &random))
                #expect(target.cost(of: usage) <= claim.hold)
            }
        }
    }

    @Test func `input longer than the context is refused by the line of the context`() throws {
        let refusal = try #require(try claim(.chat("openai/gpt-4o-mini", bytes: 4_001)).failure)
        #expect(refusal.code == .contextLengthExceeded)
        #expect(refusal.code.status == 400)
        #expect(refusal.rule?.field == "/spec/models/gpt-4o-mini/context")
        #expect(refusal.rule?.origin?.path == "platform.yaml")
        #expect(try claim(.chat("openai/gpt-4o-mini", bytes: 4_000)).success != nil)
    }

    @Test func `a route leaves out targets that cannot hold the input`() throws {
        let snapshot = try World().snapshot()
        let claim = try snapshot.admit(.chat("assistant", bytes: 40_000)).get()
        #expect(Set(snapshot.route(claim, draw: 1).map(\.model.qualifiedName)) == ["openai/gpt-4o", "openai/o3-pro"])
    }

    @Test func `a request larger than a token limit is refused for good, with advice`() throws {
        let refusal = try #require(try claim(.chat(bytes: 400, maxOutput: 1_000), key: "  limits: [500 tokens/min]").failure)
        #expect(refusal.code == .contextLengthExceeded)
        #expect(refusal.rule?.field == "/spec/limits/0")
        #expect(refusal.message.contains("at most 400 output tokens"))
        #expect(refusal.retryAfter == nil)
    }

    @Test func `prices of what no answer reports do not make a model free`() throws {
        let catalog = """
            apiVersion: charter/v1
            kind: ModelCatalog
            metadata: { name: video }
            spec: { provider: vllm, models: { film: { prices: { video-second: 0.10 USD } } } }
            """
        let world = World(key: "  budget: { hard: 1 USD/day }", files: ["video.yaml": catalog])
        let snapshot = try world.snapshot()
        let facts = RequestFacts.chat("vllm/film")
        let claim = snapshot.authenticate(World.digest(), now: World.start).flatMap { snapshot.authorize($0, facts) }
            .flatMap { snapshot.claim($0, facts, now: World.start) }
        #expect(claim.failure?.code == .modelUnpriced)
        #expect(try world.compile().diagnostics.map(\.code).contains(.modelUnpriced))
    }

    @Test func `a model without prices is refused under a budget in money only`() throws {
        let refusal = try #require(try claim(.chat("vllm/free"), key: "  budget: { hard: 1 USD/day }").failure)
        #expect(refusal.code == .modelUnpriced)
        #expect(refusal.rule?.field == "/spec/models/free")
        #expect(try claim(.chat("vllm/free")).get().hold == .zero)
        #expect(try claim(.chat("vllm/free"), key: "  budget: { hard: 100 requests/day }").success != nil)
    }

    @Test func `limits of key, project and plan, and budgets of every subject, all apply`() throws {
        let files = [
            "plans.yaml": """
                apiVersion: charter/v1
                kind: Plan
                metadata: { name: basic }
                spec: { limits: [7 requests/min] }
                """,
            "orgs/acme/org.yaml": World.acme.replacing("spec: {}", with: "spec: { plan: basic }"),
            "orgs/acme/web.yaml": """
                apiVersion: charter/v1
                kind: Project
                metadata: { name: web }
                spec: { limits: [6 requests/min] }
                """,
            "orgs/acme/budgets.yaml": ["organization: true", "project: web", "member: sam", "key: checkout"].enumerated()
                .map { index, subject in
                    """
                    apiVersion: charter/v1
                    kind: Budget
                    metadata: { name: b\(index) }
                    spec: { for: { \(subject) }, hard: 5 USD/month }
                    """
                }.joined(separator: "\n---\n"),
        ]
        let snapshot = try World(
            key: "  project: web\n  limits: [5 requests/min]\n  budget: { hard: 1 USD/day }", files: files
        ).snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(.chat()).get()
        let reservation = try table.reserve(claim, now: World.start).get()
        #expect(table.cellCount == 8)
        table.settle(reservation, usage: Usage(input: 1), cost: NanoUSD(5), now: World.start)
        let charged = snapshot.durableSeeds(now: World.start).map(\.cell).filter { table.balance(of: $0)?.spent == 5 }
        #expect(Set(charged.map(\.uid)) == [
            "uid:acme/APIKey/checkout", "uid:acme/Budget/b0", "uid:acme/Budget/b1", "uid:acme/Budget/b2",
            "uid:acme/Budget/b3",
        ])
        let subjects = Set(snapshot.durableSeeds(now: World.start).map(\.subject))
        #expect(subjects.count == 4)
    }

    @Test func `a plan's limit is shared by the organization's keys and named by the plan's line`() throws {
        let files = [
            "plans.yaml": "apiVersion: charter/v1\nkind: Plan\nmetadata: { name: basic }\nspec:\n  limits:\n    - 1 requests/min\n",
            "orgs/acme/org.yaml": World.acme.replacing("spec: {}", with: "spec: { plan: basic }"),
            "orgs/acme/second.yaml": World.key("", name: "second", secret: 0x22),
        ]
        let snapshot = try World(files: files).snapshot()
        var table = CellTable(org: "acme")
        _ = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        let refusal = try #require(table.reserve(try snapshot.admit(.chat(), key: 0x22).get(), now: World.start).failure)
        #expect(refusal.rule?.resource.kind == .plan)
        #expect(refusal.rule?.origin?.path == "plans.yaml")
        #expect(refusal.rule?.origin?.line == 6)
    }

    @Test func `equal counters in one list count once, under the lower bound`() throws {
        let snapshot = try World(key: "  limits: [9 requests/min, 2 requests/min]").snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(.chat()).get()
        _ = try table.reserve(claim, now: World.start).get()
        _ = try table.reserve(claim, now: World.start).get()
        #expect(table.reserve(claim, now: World.start).failure?.message.contains("2 requests") == true)
    }
}
