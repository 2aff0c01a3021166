import Policy
import Spec
import Testing

@Suite struct BudgetMarksTests {
    private func world(_ budget: String) -> World { World(key: "  budget: \(budget)") }

    private func spend(_ table: inout CellTable, _ snapshot: Snapshot, requests: Int) throws {
        for _ in 0..<requests {
            let reservation = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
            table.settle(reservation, usage: Usage(), cost: .zero, now: World.start)
        }
    }

    @Test func `a share that blocks is the most that is let through`() throws {
        let snapshot = try world("{ hard: 10 requests/day, at: { 50%: notify, 75.5%: block } }").snapshot()
        var table = CellTable(org: "acme")
        try spend(&table, snapshot, requests: 7)
        let refusal = table.reserve(try snapshot.admit(.chat()).get(), now: World.start).failure
        #expect(refusal?.code == .budgetExceeded)
        #expect(refusal?.message.contains("7 requests/day") == true)
    }

    @Test func `what comes after a share goes to the model that it names`() throws {
        let snapshot = try world(
            "{ hard: 10 requests/day, at: { 20%: downgrade openai/gpt-4o-mini, 40%: downgrade vllm/llama } }"
        ).snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(.chat()).get()
        #expect(claim.mayBeDowngraded)
        let wanted: [String?] = [nil, nil, "openai/gpt-4o-mini", "openai/gpt-4o-mini", "vllm/llama"]
        for name in wanted {
            #expect(table.downgrade(of: claim, now: World.start) == name)
            try spend(&table, snapshot, requests: 1)
        }
        #expect(table.downgrade(of: claim, now: World.start.adding(seconds: 86_400)) == nil)
        #expect(try !world("{ hard: 10 requests/day, at: { 20%: notify } }").snapshot().admit(.chat()).get().mayBeDowngraded)
    }

    @Test func `a budget stays one beside a lower limit that counts alike`() throws {
        let lower = World(
            key: "  limits: [4 requests/day]\n  budget: { hard: 10 requests/day, soft: 1 requests/day, at: { 20%: downgrade openai/gpt-4o-mini } }")
        let snapshot = try lower.snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(.chat()).get()
        #expect(claim.isUnderBudget)
        try spend(&table, snapshot, requests: 3)
        #expect(table.downgrade(of: claim, now: World.start) == "openai/gpt-4o-mini")
        #expect(try table.reserve(claim, now: World.start).get().soft != nil)
        #expect(table.reserve(claim, now: World.start).failure?.rule?.field.hasPrefix("/spec/limits") == true)
    }

    @Test func `a tag's budget that begins on another day is told of in that window`() throws {
        let budget = """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: team }
            spec: { for: { tag: team=search }, hard: 10 USD/month, starts: 15, at: { 50%: notify } }
            """
        let world = World(key: "  tags: { team: search }", files: ["orgs/acme/budget.yaml": budget])
        #expect(!world.declarations.diagnostics.contains { $0.code == .notEnforced })
        let watched = try #require(try world.snapshot().watchedBudgets(now: World.start).first)
        #expect(watched.marks.map(\.name) == ["50%"])
        #expect(Zone.utc.date(of: watched.window.start).day == 15)
    }

    @Test(arguments: ["{ soft: 2 requests/day }", "{ soft: 2 requests/day, hard: 9 requests/day }"])
    func `a soft budget warns when it is exceeded, and refuses nothing`(budget: String) throws {
        let snapshot = try world(budget).snapshot()
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(.chat()).get()
        #expect(claim.isUnderBudget == budget.contains("hard"))
        try spend(&table, snapshot, requests: 2)
        let third = try table.reserve(claim, now: World.start).get()
        #expect(third.soft == nil)
        table.settle(third, usage: Usage(), cost: .zero, now: World.start)
        let fourth = try table.reserve(claim, now: World.start).get()
        let warning = snapshot.softWarning(try #require(fourth.soft), to: claim.grant.caller.digest)
        #expect(warning.hasSuffix("; soft=2 requests/day; used=3 requests/day"), "\(warning)")
        #expect(fourth.limits.requests?.limit == (budget.contains("hard") ? 9 : nil))
    }

    @Test func `a soft budget in money lets a model without a price pass`() throws {
        let snapshot = try world("{ soft: 1 USD/day }").snapshot()
        #expect(snapshot.admit(.chat("vllm/free")).success != nil)
        #expect(try world("{ hard: 1 USD/day }").snapshot().admit(.chat("vllm/free")).failure?.code == .modelUnpriced)
    }

    @Test func `budgets of which somebody is told are listed with their shares`() throws {
        let snapshot = try world("{ hard: 10 USD/month, soft: 5 USD/month, at: { 33.33%: notify, 80%: downgrade vllm/llama } }").snapshot()
        let budget = try #require(snapshot.watchedBudgets(now: World.start).first)
        #expect(budget.text == "10 USD/month" && budget.amount == 10_000_000_000)
        #expect(
            budget.marks.map { "\($0.name) \($0.amount) \($0.action)" } == [
                "33.33% 3333000000 notify", "80% 8000000000 downgrade vllm/llama", "soft 5000000000 notify",
            ])
        #expect(try world("{ hard: 10 USD/month }").snapshot().watchedBudgets(now: World.start).map(\.marks) == [[]])
        #expect(try world("{ soft: 10 USD/month }").snapshot().watchedBudgets(now: World.start).map(\.amount) == [nil])
        // What rolls has no window to be told of once, and a limit is no budget.
        #expect(try world("{ hard: 10 USD/30d rolling }\n  limits: [5 requests/day]").snapshot().watchedBudgets(now: World.start).isEmpty)
    }
}

extension Snapshot {
    fileprivate func watchedBudgets(now: Instant) -> [WatchedBudget] {
        var budgets: [WatchedBudget] = []
        forEachWatchedBudget(now: now) { budgets.append($0) }
        return budgets
    }
}
