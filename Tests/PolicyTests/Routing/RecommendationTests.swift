import Policy
import Spec
import Testing

@Suite struct RecommendationTests {
    private static let catalog = """
        apiVersion: charter/v1
        kind: Provider
        metadata: { name: mistral }
        spec: { type: openai, baseURL: "https://api.mistral.ai/v1", credential: { env: MISTRAL_API_KEY } }
        ---
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: mistral }
        spec:
          provider: mistral
          models:
            large: { context: 128k, quality: 90, prices: { input: 2 USD/M, output: 8 USD/M } }
            small: { context: 128k, quality: 60, prices: { input: 0.1 USD/M, output: 0.4 USD/M } }
            embed: { mode: embedding, context: 8k, prices: { input: 0.1 USD/M } }
        """

    private func world(_ models: String = "mistral/*, openai/gpt-4o") throws -> Snapshot {
        try World(key: "  models: { allow: [\(models)] }", files: ["mistral.yaml": Self.catalog]).snapshot()
    }

    private func ask(
        _ snapshot: Snapshot, service: ServiceFacts = ServiceFacts(), burden: [Int: Int] = [:], bytes: Int = 400,
        _ change: (inout RoutingWish) -> Void = { _ in }
    ) throws -> Recommendation {
        var wish = RoutingWish()
        change(&wish)
        return snapshot.recommendation(
            among: snapshot.chatModels(for: try snapshot.caller()), .chat("", bytes: bytes, maxOutput: nil), wish, service: service, burden: burden,
            now: World.start)
    }

    private func index(_ name: String, _ snapshot: Snapshot) throws -> Int {
        try #require(snapshot.chatModels(for: try snapshot.caller()).first { $0.qualifiedName == name }).index
    }

    @Test func `only models that the key may chat with are looked at`() throws {
        let snapshot = try world()
        let names = snapshot.chatModels(for: try snapshot.caller()).map(\.qualifiedName)
        #expect(Set(names) == ["mistral/large", "mistral/small", "openai/gpt-4o"])
    }

    @Test(arguments: [(RoutingWish.Objective.cost, "mistral/small"), (.quality, "mistral/large"), (.speed, "openai/gpt-4o")])
    func `each aim has its best`(_ objective: RoutingWish.Objective, _ best: String) throws {
        let snapshot = try world()
        var service = ServiceFacts()
        service.latencies = [
            try index("openai/gpt-4o", snapshot): .milliseconds(300), try index("mistral/large", snapshot): .milliseconds(2_000),
            try index("mistral/small", snapshot): .milliseconds(900),
        ]
        let found = try ask(snapshot, service: service) { $0.objective = objective }
        #expect(found.best?.model.qualifiedName == best)
        #expect(found.ranked.count == 3)
        #expect(found.excluded.isEmpty)
    }

    @Test func `costs are those of an answer of usual length`() throws {
        let small = try #require(try ask(try world("mistral/small")).best)
        // 100 tokens of input and 500 of output.
        #expect(small.cost == NanoUSD(10_000 + 200_000))
        #expect(small.latency == nil)
    }

    @Test func `a constraint excludes, and says why`() throws {
        let snapshot = try world()
        let large = try index("mistral/large", snapshot)
        var service = ServiceFacts(latencies: [large: .seconds(5)])
        let found = try ask(snapshot, service: service) {
            $0.latencyMax = .seconds(3)
            $0.qualityMin = 0.5
            $0.costMax = NanoUSD(5_000_000)
        }
        #expect(found.ranked.map(\.model.qualifiedName) == ["mistral/small"])
        #expect(Set(found.excluded.map(\.model.qualifiedName)) == ["mistral/large", "openai/gpt-4o"])
        #expect(try ask(snapshot) { $0.excludedProviders = ["mistral"] }.ranked.map(\.model.qualifiedName) == ["openai/gpt-4o"])
        #expect(try ask(snapshot) { $0.costMax = NanoUSD(1) }.best == nil)
        #expect(try ask(snapshot, bytes: 4_000_000).best == nil)
        service.unavailableProviders = Set(snapshot.chatModels(for: try snapshot.caller()).map(\.provider.index))
        #expect(try ask(snapshot, service: service).best == nil)
    }

    @Test func `a model without a price meets no bound on costs`() throws {
        let snapshot = try world("vllm/free")
        #expect(try ask(snapshot).best?.cost == nil)
        #expect(try ask(snapshot).best != nil)
        #expect(try ask(snapshot) { $0.costMax = NanoUSD(1_000_000_000) }.best == nil)
    }

    @Test func `what fails at present comes last, and providers that are preferred come first`() throws {
        let snapshot = try world("mistral/large, openai/gpt-4o")
        let first = try #require(try ask(snapshot).best).model
        let ill = try ask(snapshot, service: ServiceFacts(unhealthyModels: [first.index]))
        #expect(ill.best?.model.qualifiedName != first.qualifiedName)
        #expect(ill.ranked.last?.isHealthy == false)
        let twins = try world("mistral/large, vllm/llama")
        for provider in ["mistral", "vllm"] {
            #expect(try ask(twins) { $0.objective = .speed; $0.preferredProviders = [provider] }.best?.model.provider.name == provider)
        }
    }

    @Test func `providers that were chosen often give way to those that are as good`() throws {
        let snapshot = try world("mistral/large, openai/gpt-4o")
        let best = try #require(try ask(snapshot).best).model
        let next = try ask(snapshot, burden: [best.provider.index: 8])
        #expect(next.best?.model.provider.index != best.provider.index)
    }

    @Test func `confidence is between 0 and 1, and more where more is known`() throws {
        let snapshot = try world()
        let unknown = try ask(snapshot) { $0.objective = .speed }
        var service = ServiceFacts()
        for model in snapshot.chatModels(for: try snapshot.caller()) { service.latencies[model.index] = .milliseconds(500 + model.index * 400) }
        let known = try ask(snapshot, service: service) { $0.objective = .speed }
        #expect((0...1).contains(unknown.confidence) && (0...1).contains(known.confidence))
        #expect(known.confidence > unknown.confidence)
    }

    @Test func `a question counts against sliding limits of requests alone, all or nothing`() throws {
        let scope = "apiVersion: charter/v1\nkind: Scope\nmetadata: { name: chat }\nspec: { endpoints: [ml.route] }\n"
        let snapshot = try World(
            key: "  limits: [5 requests/min, 1 requests/day, 10 tokens/min, 1 concurrent, 1 requests/min per model]\n  budget: { hard: 0 USD/month }",
            files: ["orgs/acme/scope.yaml": scope]
        ).snapshot()
        let caller = try snapshot.caller()
        let grant = try snapshot.authorize(caller, RequestFacts(endpoint: .mlRoute, model: "")).get()
        let claim = snapshot.claim(toAsk: grant, now: World.start)
        var table = CellTable(org: "acme")
        #expect(table.count(claim, times: 3, now: World.start).success?.requests?.remaining == 2)
        let refusal = table.count(claim, times: 3, now: World.start).failure
        #expect(refusal?.code == .rateLimitExceeded)
        #expect(refusal?.limits?.requests?.remaining == 2)
        #expect(table.count(claim, times: 2, now: World.start).success?.requests?.remaining == 0)
        // Six never fit: to try again would be of no use.
        let endless = table.count(claim, times: 6, now: World.start).failure
        #expect(endless?.code == .quotaExceeded && endless?.retryAfter == nil)
        #expect(table.openCount == 0)
        #expect(table.cellCount == 1)
        #expect(snapshot.authorize(caller, RequestFacts(endpoint: .mlRouteBatch, model: "")).failure?.code == .scopeDenied)
    }
}
