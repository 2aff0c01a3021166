import Policy
import Spec
import Testing

/// A limit or budget without room for one target of a route closes that target, not the route.
@Suite struct TargetRoomTests {
    /// 400 bytes and 100 tokens of output: `gpt-4o` holds 2,000 microdollars, `llama` 50 and `o3-pro` 16,000.
    private static let facts = RequestFacts.chat("assistant")

    private static func budget(_ subject: String, _ hard: String) -> String {
        "apiVersion: charter/v1\nkind: Budget\nmetadata: { name: narrow }\nspec: { for: { \(subject) }, hard: \(hard) }\n"
    }

    private struct Outcome {
        var models: [String]
        var hold: NanoUSD
        var refusal: Refusal?
    }

    private func outcome(
        key: String = "", budget: String? = nil, spent: Int64 = 0, facts: RequestFacts = Self.facts
    ) throws -> Outcome {
        let snapshot = try World(key: key, files: budget.map { ["orgs/acme/budget.yaml": $0] } ?? [:]).snapshot()
        var table = CellTable(org: "acme")
        if spent > 0 {
            let seed = try #require(snapshot.durableSeeds(now: World.start).first)
            table.load(
                spent: [SpentCell(cell: seed.cell, windowStart: seed.window.start, amount: spent)], now: World.start)
        }
        let claim = try snapshot.admit(facts).get()
        switch table.reserve(claim, now: World.start) {
        case .failure(let refusal): return Outcome(models: [], hold: .zero, refusal: refusal)
        case .success(let reservation):
            let order = snapshot.route(claim, reserved: reservation, draw: 0)
            return Outcome(
                models: order.map(\.model.qualifiedName), hold: claim.narrowed(by: reservation).hold, refusal: nil)
        }
    }

    @Test func `a spent budget on the fallback leaves the primary`() throws {
        let budget = Self.budget("model: openai/o3*", "1 USD/month")
        let outcome = try outcome(budget: budget, spent: 1_000_000_000)
        #expect(outcome.models == ["openai/gpt-4o", "vllm/llama"])
        #expect(outcome.hold == NanoUSD(2_000_000))
        #expect(try self.outcome(budget: budget).models.contains("openai/o3-pro"))
    }

    @Test func `a spent budget on the primary leads to the others`() throws {
        let budget = Self.budget("model: openai/gpt-4o", "10 requests/month")
        #expect(try outcome(budget: budget, spent: 10).models == ["vllm/llama", "openai/o3-pro"])
    }

    @Test(arguments: [
        (16_000_000, ["openai/gpt-4o", "vllm/llama", "openai/o3-pro"], 16_000_000),
        (15_999_999, ["openai/gpt-4o", "vllm/llama"], 2_000_000), (2_000_000, ["openai/gpt-4o", "vllm/llama"], 2_000_000),
        (1_999_999, ["vllm/llama"], 50_000), (50_000, ["vllm/llama"], 50_000),
    ] as [(Int64, [String], Int64)])
    func `what is left of a budget is for the targets that it pays for`(left: Int64, models: [String], hold: Int64) throws {
        let outcome = try outcome(key: "  budget: { hard: 1 USD/month }", spent: 1_000_000_000 - left)
        #expect(outcome.models == models)
        #expect(outcome.hold == NanoUSD(hold))
    }

    @Test func `where no target has room, what closes the first is named`() throws {
        let nothing = try outcome(key: "  budget: { hard: 1 USD/month }", spent: 1_000_000_000 - 49_999)
        #expect(nothing.refusal?.code == .budgetExceeded)
        // The key's limit closes every target, the budget only the fallback.
        let limits = "  limits: [1 concurrent]"
        let snapshot = try World(
            key: limits, files: ["orgs/acme/budget.yaml": Self.budget("model: openai/o3*", "0.001 USD/month")]
        ).snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(Self.facts).get()
        #expect(table.reserve(claim, now: World.start).success != nil)
        let refusal = try #require(table.reserve(claim, now: World.start).failure)
        #expect(refusal.code == .concurrencyLimitExceeded)
    }

    @Test func `a limit too small for a target for ever leaves it out`() throws {
        let files = ["platform.yaml": World.platform.replacing("o3-pro: { prices", with: "o3-pro: { maxOutput: 100k, prices")]
        let facts = RequestFacts.chat("assistant", maxOutput: nil)
        let snapshot = try World(key: "  limits: [17000 tokens/min]", files: files).snapshot()
        let claim = try snapshot.admit(facts).get()
        #expect(snapshot.route(claim, draw: 0).map(\.model.qualifiedName) == ["openai/gpt-4o", "vllm/llama"])
        let refusal = try #require(
            try World(key: "  limits: [50 tokens/min]", files: files).snapshot().admit(facts).failure)
        #expect(refusal.code == .contextLengthExceeded)
    }

    @Test func `what is left out is charged nothing, and given back whole`() throws {
        let snapshot = try World(
            key: "  budget: { hard: 1 USD/month }",
            files: ["orgs/acme/budget.yaml": Self.budget("model: openai/o3*", "0.001 USD/month")]
        ).snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(Self.facts).get()
        let reservation = try table.reserve(claim, now: World.start).get()
        #expect(!reservation.admits(2))
        table.settle(
            reservation, usage: Usage(input: 100, output: 100), cost: NanoUSD(1_250_000), served: 0, now: World.start)
        let balances = try snapshot.durableSeeds(now: World.start).map { try #require(table.balance(of: $0.cell)) }
        #expect(balances.map { $0.spent }.sorted() == [0, 1_250_000])
        #expect(balances.allSatisfy { $0.held == 0 })
    }

    @Test func `a decision says which target had no room`() throws {
        let snapshot = try World(
            files: ["orgs/acme/budget.yaml": Self.budget("model: openai/o3*", "0.001 USD/month")]
        ).snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(Self.facts).get()
        let reservation = try table.reserve(claim, now: World.start).get()
        let decision = Decision(
            admitted: claim, as: reservation, facts: RouteFacts(), draw: 0,
            order: snapshot.route(claim, reserved: reservation, draw: 0))
        #expect(decision.json.contains(#"{"model":"openai/o3-pro","verdict":"no room in a limit or budget"}"#))
    }

    /// Against what the definition says, target by target.
    @Test func `exactly the targets that fit are left, and what is held is the dearest of them`() throws {
        var random = Seeded(state: 9)
        let budgets = Self.budget("model: openai/*", "3 USD/month")
        let snapshot = try World(
            key: "  budget: { hard: 2 USD/month }\n  limits: [40k tokens/day]", files: ["orgs/acme/budget.yaml": budgets]
        ).snapshot()
        let seeds = snapshot.durableSeeds(now: World.start)
        for _ in 0..<300 {
            let facts = RequestFacts.chat(
                "assistant", bytes: .random(in: 0...20_000, using: &random), maxOutput: .random(in: 1...12_000, using: &random))
            guard let claim = snapshot.admit(facts).success else { continue }
            var table = CellTable(org: "acme")
            let spent = seeds.map { seed in
                Int64.random(in: 0...(seed.cell.meter == .tokens ? 40_000 : 3_000_000_000), using: &random)
            }
            table.load(
                spent: zip(seeds, spent).map { SpentCell(cell: $0.cell, windowStart: $0.window.start, amount: $1) },
                now: World.start)
            let fitting = try claim.grant.models.filter { model in
                var alone = facts
                alone.model = model.qualifiedName
                guard let claim = snapshot.admit(alone).success else { return false }
                var copy = table
                guard let reservation = copy.reserve(claim, now: World.start).success else { return false }
                _ = try #require(reservation.admits(0) ? () : nil)
                return true
            }
            let reservation = table.reserve(claim, now: World.start).success
            let left = reservation.map { snapshot.route(claim, reserved: $0, draw: random.next()) } ?? []
            #expect(Set(left.map(\.model.index)) == Set(fitting.map(\.index)))
            guard let reservation else { continue }
            let dearest = fitting.compactMap { model -> NanoUSD? in
                var alone = facts
                alone.model = model.qualifiedName
                return snapshot.admit(alone).success?.hold
            }.max()
            #expect(claim.narrowed(by: reservation).hold == dearest)
        }
    }
}
