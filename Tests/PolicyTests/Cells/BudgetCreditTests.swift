import Policy
import Spec
import Testing

/// What resets forgive, and what corrections of prices change, in counters that run.
@Suite struct BudgetCreditTests {
    private let now = World.start
    private var later: Instant { now.adding(seconds: 60) }

    private func spend(_ table: inout CellTable, _ snapshot: Snapshot, at moment: Instant = World.start, requests: Int) throws -> Int {
        try (0..<requests).count { _ in
            guard let reservation = table.reserve(try snapshot.admit(.chat(), now: moment).get(), now: moment).success else { return false }
            table.settle(reservation, usage: Usage(), cost: .zero, now: moment)
            return true
        }
    }

    private func counter(_ snapshot: Snapshot, at moment: Instant = World.start) throws -> BudgetCounter {
        let counters = snapshot.budgetCounters(now: moment) { _, _ in true }
        #expect(counters.count == 1)
        return try #require(counters.first)
    }

    private func cell(_ snapshot: Snapshot) throws -> (DurableCell, CalendarWindow) {
        let seed = try #require(snapshot.durableSeeds(now: now).first)
        return (seed.cell, seed.window)
    }

    @Test func `a reset opens a spent budget, and a second one forgives only what came since`() throws {
        let snapshot = try World(key: "  budget: { hard: 5 requests/month }").snapshot()
        let counter = try counter(snapshot)
        let (cell, window) = try cell(snapshot)
        #expect(counter.name == "requests/month" && counter.window == window && counter.text == "5 requests/month")
        var table = CellTable(org: "acme")
        #expect(try spend(&table, snapshot, requests: 7) == 5)
        #expect(table.balance(of: cell)?.hasRefused == true)
        // The ledger had 4 of the 5 when it was set back.
        table.take([CounterCredit(counter: counter, start: window.start, amount: 4)], now: now)
        #expect(table.balance(of: cell)?.spent == 1)
        #expect(table.balance(of: cell)?.hasRefused == false)
        // Told again, and with the ledger's sum beside it, it changes nothing.
        table.take([CounterCredit(counter: counter, start: window.start, amount: 4)], now: now)
        table.load(spent: [SpentCell(cell: cell, windowStart: window.start, amount: 5)], now: now)
        #expect(try spend(&table, snapshot, requests: 7) == 4)
        table.take([CounterCredit(counter: counter, start: window.start, amount: 9)], now: now)
        #expect(table.balance(of: cell)?.spent == 0)
        #expect(table.balance(of: cell)?.credit == 9)
        table.load(spent: [SpentCell(cell: cell, windowStart: window.start, amount: 11)], now: now)
        #expect(table.balance(of: cell)?.spent == 2)
    }

    @Test(arguments: [true, false])
    func `after a restart the ledger's sum and the credit give the same in either order`(creditFirst: Bool) throws {
        let snapshot = try World(key: "  budget: { hard: 10 requests/month }").snapshot()
        let counter = try counter(snapshot)
        let (cell, window) = try cell(snapshot)
        let credit = [CounterCredit(counter: counter, start: window.start, amount: 7)]
        var table = CellTable(org: "acme")
        if creditFirst { table.take(credit, now: now) }
        table.load(spent: [SpentCell(cell: cell, windowStart: window.start, amount: 9)], now: now)
        table.take(credit, now: now)
        #expect(table.balance(of: cell)?.spent == 2)
        #expect(try spend(&table, snapshot, requests: 20) == 8)
    }

    @Test func `what is forgiven is of its window, and is not forgotten while that lasts`() throws {
        let snapshot = try World(key: "  budget: { hard: 5 requests/day }").snapshot()
        let counter = try counter(snapshot)
        let (cell, window) = try cell(snapshot)
        var table = CellTable(org: "acme")
        #expect(try spend(&table, snapshot, requests: 5) == 5)
        table.take([CounterCredit(counter: counter, start: window.start, amount: 5)], now: now)
        // Nothing is spent, but to forget it would bring the ledger's sum back.
        table.sweep(now: now)
        #expect(table.balance(of: cell)?.credit == 5)
        table.load(spent: [SpentCell(cell: cell, windowStart: window.start, amount: 5)], now: now)
        #expect(table.balance(of: cell)?.spent == 0)
        let tomorrow = now.adding(seconds: 86_400)
        #expect(try spend(&table, snapshot, at: tomorrow, requests: 9) == 5)
        // Of a day that is over, told late.
        table.take([CounterCredit(counter: counter, start: window.start, amount: 6)], now: tomorrow)
        #expect(table.balance(of: cell)?.spent == 5)
    }

    @Test func `what is forgiven of a rolling budget leaves its window with what it was spent in`() throws {
        let snapshot = try World(key: "  budget: { hard: 6 requests/4h rolling }").snapshot()
        let counter = try counter(snapshot)
        let part = try #require(counter.part)
        #expect(counter.name == "requests/4h rolling" && part == 60_000)
        var table = CellTable(org: "acme")
        #expect(try spend(&table, snapshot, requests: 2) == 2)
        #expect(try spend(&table, snapshot, at: later, requests: 9) == 4)
        let starts = [now, later].map { Instant(milliseconds: $0.milliseconds / part * part) }
        let credits = zip(starts, [2, 4] as [Int64]).map { CounterCredit(counter: counter, start: $0, amount: $1) }
        table.take(credits, now: later)
        table.take(credits, now: later)
        #expect(try spend(&table, snapshot, at: later, requests: 9) == 6)
        // The ledger's sums come again, as after another process has ended.
        let seed = try #require(snapshot.spanSeeds(now: later).first)
        table.load(spans: zip(starts, [2, 10] as [Int64]).map { SpanSum(seed: seed, from: $0, amount: $1) }, now: later)
        #expect(try spend(&table, snapshot, at: later, requests: 1) == 0)
        // The first part is gone, with its two and what was forgiven of them: what is left are the six.
        let ends = counter.end(ofPart: starts[0])
        #expect(try spend(&table, snapshot, at: ends, requests: 1) == 0)
        #expect(try spend(&table, snapshot, at: counter.end(ofPart: starts[1]), requests: 9) == 6)
    }

    @Test func `a correction of prices lowers and raises what was counted, by its difference alone`() throws {
        let snapshot = try World(key: "  budget: { hard: 100 requests/month }").snapshot()
        let (cell, window) = try cell(snapshot)
        var table = CellTable(org: "acme")
        func load(_ amount: Int64, corrected: Int64) -> Int64? {
            table.load(spent: [SpentCell(cell: cell, windowStart: window.start, amount: amount, corrected: corrected)], now: now)
            return table.balance(of: cell)?.spent
        }
        // A correction before the first load is in the sum already.
        #expect(load(40, corrected: -10) == 40)
        #expect(try spend(&table, snapshot, requests: 5) == 5)
        #expect(load(43, corrected: -10) == 45)
        #expect(load(13, corrected: -40) == 15)
        #expect(load(15, corrected: -40) == 15)
        #expect(load(20, corrected: -35) == 20)
        #expect(load(0, corrected: -90) == 0)
    }

    @Test func `budgets are listed by what declares them, with whom they count`() throws {
        let snapshot = try World(
            key: "  tags: { team: search }\n  limits: [9 requests/day]\n  budget: { hard: 1 USD/day, at: { 50%: block } }",
            files: [
                "orgs/acme/budget.yaml": """
                apiVersion: charter/v1
                kind: Budget
                metadata: { name: team }
                spec: { for: { tag: team=search }, soft: 2 USD/month, zone: Europe/Berlin, starts: 15 }

                """,
                // Nobody is under it.
                "orgs/acme/project.yaml": """
                apiVersion: charter/v1
                kind: Project
                metadata: { name: empty }
                spec: { budget: { hard: 10 requests total } }

                """,
            ]
        ).snapshot()
        let all = snapshot.budgetCounters(now: now) { _, _ in true }.sorted { $0.resource < $1.resource }
        #expect(all.map(\.resource.description) == ["acme/APIKey/checkout", "acme/Budget/team", "acme/Project/empty"])
        #expect(all.map(\.name) == ["usd/day", "usd/month@Europe/Berlin/15", "requests/total"])
        #expect(all.map(\.amount) == [500_000_000, nil, 10])
        #expect(all.map(\.text) == ["1 USD/day", "2 USD/month", "10 requests total"])
        #expect(all.map { $0.subject.keyUID != nil } == [true, false, false])
        #expect(all[1].subject.tag?.text == "team=search" && all[2].subject.projectUID == all[2].uid)
        #expect(snapshot.budgetCounters(now: now) { key, _ in key.kind == .project }.count == 1)
    }
}
