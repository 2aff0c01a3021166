import Policy
import Spec
import Testing

/// Counters that are the ledger's sum and what was charged after it.
@Suite struct ChargeGenerationTests {
    private let snapshot: Snapshot
    private let cell: DurableCell
    private let window: CalendarWindow

    init() throws {
        snapshot = try World(key: "  budget: { hard: 100 requests/month }").snapshot()
        let seed = try #require(snapshot.durableSeeds(now: World.start).first)
        (cell, window) = (seed.cell, seed.window)
    }

    private func spend(_ table: inout CellTable, _ requests: Int, in generation: ChargeGeneration?) throws {
        for _ in 0..<requests {
            let reservation = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
            table.settle(reservation, usage: Usage(), cost: .zero, charged: generation, now: World.start)
        }
    }

    private func load(_ table: inout CellTable, _ amount: Int64, upTo generation: ChargeGeneration) -> Int64? {
        table.load(spent: [SpentCell(cell: cell, windowStart: window.start, amount: amount)], now: World.start, upTo: generation)
        return table.balance(of: cell)?.spent
    }

    @Test func `a sum stands for all charges up to its generation, and later ones come on top`() throws {
        var table = CellTable(org: "acme")
        try spend(&table, 5, in: 0)
        try spend(&table, 3, in: 1)
        // One loop is late, and its records are before its end all the same.
        try spend(&table, 1, in: 0)
        #expect(table.balance(of: cell)?.spent == 9)
        // Another gateway has spent four of the ten.
        #expect(load(&table, 10, upTo: 0) == 13)
        try spend(&table, 2, in: 1)
        #expect(table.balance(of: cell)?.spent == 15)
        try spend(&table, 1, in: 2)
        #expect(load(&table, 15, upTo: 1) == 16)
        // What the ledger lost, or got cheaper, is counted no longer.
        #expect(load(&table, 11, upTo: 2) == 11)
        #expect(load(&table, 0, upTo: 3) == 0)
    }

    @Test func `what no ledger will have stays, and so does what was forgiven`() throws {
        var table = CellTable(org: "acme")
        try spend(&table, 5, in: 0)
        try spend(&table, 2, in: nil)
        let counter = try #require(snapshot.budgetCounters(now: World.start) { _, _ in true }.first)
        table.take([CounterCredit(counter: counter, start: window.start, amount: 4)], now: World.start)
        #expect(table.balance(of: cell)?.spent == 3)
        #expect(load(&table, 5, upTo: 0) == 3)
        try spend(&table, 1, in: 1)
        #expect(load(&table, 5, upTo: 0) == 4)
        // Usage got cheaper than what was forgiven of it.
        #expect(load(&table, 3, upTo: 1) == 2)
    }

    @Test func `what is held is left alone`() throws {
        var table = CellTable(org: "acme")
        let reservation = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        #expect(load(&table, 7, upTo: 0) == 7)
        #expect(table.balance(of: cell)?.held == 1)
        table.settle(reservation, usage: Usage(), cost: .zero, charged: 1, now: World.start)
        #expect(table.balance(of: cell)?.spent == 8)
        #expect(table.balance(of: cell)?.held == 0)
    }
}
