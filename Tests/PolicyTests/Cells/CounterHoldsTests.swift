import Policy
import Spec
import Testing

/// What open requests hold of budgets, as it is told to PostgreSQL.
@Suite struct CounterHoldsTests {
    private func holds(_ table: CellTable, _ snapshot: Snapshot, visits: Int = CellTable.holdVisits) -> [BudgetHold] {
        var holds = CounterHolds()
        var place: Int? = 0
        while let from = place { place = table.add(to: &holds, from: from, visits: visits) }
        return snapshot.budgetHolds(holds, now: World.start)
    }

    @Test(arguments: [1, 2, 128])
    func `what open requests hold adds up, and goes with them`(visits: Int) throws {
        let snapshot = try World(key: "  budget: { hard: 100 requests/month }").snapshot()
        var table = CellTable(org: "acme")
        #expect(holds(table, snapshot, visits: visits).isEmpty)
        let open = try (0..<3).map { _ in try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get() }
        let found = try #require(holds(table, snapshot, visits: visits).first)
        #expect(found.amount == 3 && found.counter.name == "requests/month" && found.start == found.counter.window.start)
        #expect(holds(table, snapshot, visits: visits).count == 1)
        table.settle(open[0], usage: Usage(), cost: .zero, now: World.start)
        #expect(holds(table, snapshot, visits: visits).map(\.amount) == [2])
        table.release(open[1], now: World.start)
        table.settle(open[2], usage: Usage(), cost: .zero, now: World.start)
        #expect(holds(table, snapshot, visits: visits).isEmpty)
    }

    @Test func `of a budget that rolls what is held stands in its part of the window`() throws {
        let snapshot = try World(key: "  budget: { hard: 100 requests/4h rolling }").snapshot()
        var table = CellTable(org: "acme")
        _ = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        let found = try #require(holds(table, snapshot).first)
        let part = try #require(found.counter.part)
        #expect(found.amount == 1 && found.start.milliseconds == World.start.milliseconds / part * part)
        #expect(found.start >= found.counter.window.start && found.start < found.counter.window.end)
    }

    @Test func `limits hold nothing that is told, and neither does a budget that is declared no longer`() throws {
        let limited = try World(key: "  limits: [100 requests/day, 5 concurrent, 9 requests/min]").snapshot()
        var table = CellTable(org: "acme")
        _ = try table.reserve(try limited.admit(.chat()).get(), now: World.start).get()
        #expect(holds(table, limited).isEmpty)
        let bounded = try World(key: "  budget: { hard: 100 requests/month }").snapshot()
        _ = try table.reserve(try bounded.admit(.chat()).get(), now: World.start).get()
        #expect(holds(table, bounded).count == 1)
        #expect(holds(table, limited).isEmpty)
    }
}
