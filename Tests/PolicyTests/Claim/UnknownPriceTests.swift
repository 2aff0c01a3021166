import Policy
import Spec
import Testing

/// `vllm/free` has no price in the world.
@Suite struct UnknownPriceTests {
    private func world(_ declared: String, key: String = "", more: [String: String] = [:]) -> World {
        let spec = declared.isEmpty ? "spec: {}" : "spec: { unknownPrice: \(declared) }"
        return World(key: key, files: ["orgs/acme/org.yaml": World.acme.replacing("spec: {}", with: spec)].merging(more) { $1 })
    }

    private static let budget = "  budget: { hard: 1 USD/month }"

    @Test func `undeclared, a budget in money refuses it and nothing else does`() throws {
        #expect(try world("").snapshot().admit(.chat("vllm/free")).get().hold == .zero)
        let refusal = try world("", key: Self.budget).snapshot().admit(.chat("vllm/free")).failure
        #expect(refusal?.code == .modelUnpriced)
    }

    @Test func `deny refuses it under every key, by its line`() throws {
        for key in ["", Self.budget] {
            let refusal = try #require(try world("deny", key: key).snapshot().admit(.chat("vllm/free")).failure)
            #expect(refusal.code == .modelUnpriced)
            #expect(refusal.rule?.field == "/spec/unknownPrice")
            #expect(refusal.rule?.origin?.path == "orgs/acme/org.yaml")
        }
        #expect(try world("deny").snapshot().admit(.chat("vllm/llama")).success != nil)
    }

    @Test func `allow serves it at no price, also under a budget in money`() throws {
        let snapshot = try world("allow", key: Self.budget).snapshot()
        let claim = try snapshot.admit(.chat("vllm/free")).get()
        #expect(claim.hold == .zero)
        #expect(snapshot.route(claim, draw: 0).first?.priceVersion == "")
        #expect(try world("allow", key: Self.budget).compile().diagnostics.isEmpty)
    }

    @Test(arguments: ["openai/gpt-4o", "assistant"])
    func `price-as holds and bills with another's prices, under their version`(name: String) throws {
        let world = world("price-as \(name)", key: Self.budget)
        let snapshot = try world.snapshot()
        let claim = try snapshot.admit(.chat("vllm/free")).get()
        let priced = try snapshot.admit(.chat("openai/gpt-4o")).get()
        #expect(claim.hold == priced.hold)
        let target = try #require(snapshot.route(claim, draw: 0).first)
        #expect(target.model.qualifiedName == "vllm/free")
        #expect(target.cost(of: Usage(input: 1_000_000, output: 100_000)) == NanoUSD(3_500_000_000))
        #expect(target.priceVersion == snapshot.route(priced, draw: 0).first?.priceVersion)
        #expect(try world.compile().diagnostics.isEmpty)
    }

    @Test func `price-as a model that has none is as if undeclared`() throws {
        #expect(try world("price-as vllm/free").snapshot().admit(.chat("vllm/free")).success != nil)
        let refusal = try world("price-as vllm/free", key: Self.budget).snapshot().admit(.chat("vllm/free")).failure
        #expect(refusal?.code == .modelUnpriced)
    }
}
