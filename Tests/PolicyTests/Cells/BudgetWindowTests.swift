import Policy
import Spec
import Testing

/// Budgets over windows that roll or begin on another day, and budgets for tags.
@Suite struct BudgetWindowTests {
    private static let day: Int64 = 86_400

    /// Requests that a key is let in for, `count` at a time at each of these seconds.
    private func admitted(_ snapshot: Snapshot, at seconds: [Int64], count: Int = 1, in table: inout CellTable) throws -> [Int] {
        try seconds.map { second in
            let now = World.start.adding(seconds: second)
            return try (0..<count).count { _ in
                guard let reservation = table.reserve(try snapshot.admit(.chat(), now: now).get(), now: now).success else { return false }
                table.settle(reservation, usage: Usage(input: 10, output: 10), cost: NanoUSD(1), now: now)
                return true
            }
        }
    }

    @Test func `a rolling budget frees what was used as it leaves the window`() throws {
        let snapshot = try World(key: "  budget: { hard: 3 requests/2d rolling }").snapshot()
        var table = CellTable(org: "acme")
        let day = Self.day
        #expect(try admitted(snapshot, at: [0, day, day + 60, day + 120, 2 * day + 3_600, 3 * day - 60], in: &table) == [1, 1, 1, 0, 1, 0])
        let now = World.start.adding(seconds: 3 * day - 60)
        let refusal = try #require(table.reserve(try snapshot.admit(.chat(), now: now).get(), now: now).failure)
        #expect(refusal.code == .budgetExceeded)
        #expect(refusal.message.contains("3 requests/2d rolling"))
        let resets = try #require(refusal.resetsAt)
        #expect(resets > now && resets <= World.start.adding(seconds: 3 * day + 3_600))
        #expect(try admitted(snapshot, at: [(resets.milliseconds - World.start.milliseconds) / 1_000], in: &table) == [1])
    }

    @Test(arguments: ["1m", "90m", "26h", "30d", "366d"])
    func `no span as long as the window ever holds more than the bound`(length: String) throws {
        let snapshot = try World(key: "  budget: { hard: 5 requests/\(length) rolling }").snapshot()
        let unit: [Character: Int64] = ["m": 60, "h": 3_600, "d": 86_400]
        let last = try #require(length.last)
        let seconds = try #require(Int64(length.dropLast())) * (try #require(unit[last]))
        var table = CellTable(org: "acme")
        var random = Seeded(state: 5)
        var moment: Int64 = 0
        var times: [Int64] = []
        for _ in 0..<400 {
            moment += .random(in: 0...max(1, seconds / 8), using: &random)
            if try admitted(snapshot, at: [moment], in: &table) == [1] { times.append(moment) }
            #expect(times.count { moment - $0 < seconds } <= 5)
        }
        // Nobody waits much longer than the rule says.
        #expect(times.count > 40)
    }

    @Test func `a rolling budget goes on with what the ledger knows`() throws {
        let snapshot = try World(key: "  budget: { hard: 10 USD/30d rolling }").snapshot()
        let now = World.start
        let seed = try #require(snapshot.spanSeeds(now: now).first)
        #expect(snapshot.durableSeeds(now: now).isEmpty)
        let part = try #require(seed.part)
        #expect(part == Int64(3 * 3_600_000))
        let reach = now.milliseconds - seed.window.start.milliseconds
        #expect(reach >= 30 * Self.day * 1_000 && reach < 30 * Self.day * 1_000 + 2 * 3 * 3_600_000)
        var table = CellTable(org: "acme")
        let early = Instant(milliseconds: now.milliseconds - 29 * Self.day * 1_000)
        table.load(
            spans: [
                SpanSum(seed: seed, from: early, amount: 6_000_000_000),
                SpanSum(seed: seed, from: seed.window.start, amount: 3_999_999_999),
            ], now: now)
        #expect(table.reserve(try snapshot.admit(.chat()).get(), now: now).failure?.code == .budgetExceeded)
        // The same sums again add nothing.
        table.load(spans: [SpanSum(seed: seed, from: early, amount: 6_000_000_000)], now: now)
        let later = now.adding(seconds: 6 * 3_600)
        #expect(table.reserve(try snapshot.admit(.chat(), now: later).get(), now: later).success != nil)
        #expect(snapshot.spanSeeds(now: now, unlessIn: snapshot).isEmpty)
    }

    /// What is older than a day the ledger may know by hours alone.
    @Test(arguments: [("24h", 6), ("25h", 60), ("2d", 60), ("7d", 60), ("236h", 60), ("11d", 120)] as [(String, Int64)])
    func `a window that rolls over more than a day is summed in whole hours`(length: String, minutes: Int64) throws {
        let snapshot = try World(key: "  budget: { hard: 5 requests/\(length) rolling }").snapshot()
        let seed = try #require(snapshot.spanSeeds(now: World.start).first)
        #expect(seed.part == minutes * 60_000)
        #expect(seed.window.start.milliseconds.isMultiple(of: minutes * 60_000))
    }

    @Test func `a running answer takes more of a rolling budget only as long as it has it`() throws {
        let snapshot = try World(key: "  budget: { hard: 0.01 USD/1d rolling }").snapshot()
        var table = CellTable(org: "acme")
        // Holds 2,000 microdollars of 10,000.
        var reservation = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        #expect(table.extend(&reservation, tokens: 0, money: NanoUSD(8_000_000), served: 0) == nil)
        let spent = try #require(table.extend(&reservation, tokens: 0, money: NanoUSD(1), served: 0))
        #expect(snapshot.refusal(spent)?.code == .budgetExceeded)
        // Under other rules at that place, or with fewer of them, none is named.
        #expect(try World(key: "  budget: { hard: 0.01 USD/2d rolling }").snapshot().refusal(spent) == nil)
        #expect(try World(key: "").snapshot().refusal(spent) == nil)
        table.settle(reservation, usage: Usage(input: 1, output: 1), cost: NanoUSD(3_000_000), served: 0, now: World.start)
        #expect(table.reserve(try snapshot.admit(.chat()).get(), now: World.start).success != nil)
    }

    @Test func `an hour that rolls is loaded as a budget's, and once`() throws {
        let snapshot = try World(key: "  budget: { hard: 1 USD/1h rolling }\n  limits: [5 requests/hour]").snapshot()
        #expect(snapshot.slidingSeeds().map(\.meter) == [.requests])
        #expect(snapshot.spanSeeds(now: World.start).map(\.meter) == [.usd])
    }

    private static func budget(_ subject: String, _ terms: String) -> String {
        "apiVersion: charter/v1\nkind: Budget\nmetadata: { name: team }\nspec: { for: { \(subject) }, \(terms) }\n"
    }

    @Test func `a tag's budget counts all keys that carry it, and no other`() throws {
        let snapshot = try World(
            key: "  tags: { team: search, stage: live }",
            files: [
                "orgs/acme/second.yaml": World.key("  tags: { team: search }", name: "second", secret: 0x22),
                "orgs/acme/third.yaml": World.key("  tags: { team: find }", name: "third", secret: 0x33),
                "orgs/acme/budget.yaml": Self.budget("tag: team=search", "hard: 2 requests/month"),
            ]
        ).snapshot()
        var table = CellTable(org: "acme")
        for key in [0x11, 0x22] as [UInt8] {
            #expect(table.reserve(try snapshot.admit(.chat(), key: key).get(), now: World.start).success != nil)
        }
        for key in [0x11, 0x22] as [UInt8] {
            let refusal = try #require(table.reserve(try snapshot.admit(.chat(), key: key).get(), now: World.start).failure)
            #expect(refusal.code == .budgetHeld)
            #expect(refusal.rule?.origin?.path == "orgs/acme/budget.yaml")
        }
        let other = table.reserve(try snapshot.admit(.chat(), key: 0x33).get(), now: World.start)
        #expect(other.success != nil, "\(String(describing: other.failure))")
    }

    @Test func `a tag's soft budget goes on with what the ledger knows`() throws {
        let snapshot = try World(
            key: "  tags: { team: search }",
            files: ["orgs/acme/budget.yaml": Self.budget("tag: team=search", "soft: 5 requests/month")]
        ).snapshot()
        let seed = try #require(snapshot.spanSeeds(now: World.start).first)
        var table = CellTable(org: "acme")
        table.load(spans: [SpanSum(seed: seed, from: Instant(milliseconds: 0), amount: 6)], now: World.start)
        #expect(try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get().soft != nil)
    }

    @Test func `a tag's budget goes on with what the ledger knows`() throws {
        let snapshot = try World(
            key: "  tags: { team: search }",
            files: ["orgs/acme/budget.yaml": Self.budget("tag: team=search", "hard: 5 requests/month, starts: 15")]
        ).snapshot()
        #expect(snapshot.durableSeeds(now: World.start).isEmpty)
        let seed = try #require(snapshot.spanSeeds(now: World.start).first)
        let org = try #require(snapshot.organizations.first).uid
        #expect(seed.subject == .tag(try Tag.parse("team=search"), orgUID: org))
        #expect(Zone.utc.date(of: seed.window.start).day == 15)
        var table = CellTable(org: "acme")
        table.load(spans: [SpanSum(seed: seed, from: Instant(milliseconds: 0), amount: 5)], now: World.start)
        #expect(table.reserve(try snapshot.admit(.chat()).get(), now: World.start).failure?.code == .budgetExceeded)
    }

    @Test func `a budget that starts on another day counts from there, and begins anew when that day is changed`() throws {
        let calendar = try World(key: "  budget: { hard: 5 requests/month }").snapshot()
        let shifted = try World(key: "  budget: { hard: 5 requests/month, starts: 20 }").snapshot()
        let first = try #require(calendar.durableSeeds(now: World.start).first)
        let second = try #require(shifted.durableSeeds(now: World.start).first)
        #expect(Zone.utc.date(of: first.window.start).day == 1)
        #expect(Zone.utc.date(of: second.window.start).day == 20)
        var table = CellTable(org: "acme")
        table.load(spent: [SpentCell(cell: first.cell, windowStart: first.window.start, amount: 5)], now: World.start)
        #expect(table.reserve(try calendar.admit(.chat()).get(), now: World.start).success == nil)
        #expect(table.reserve(try shifted.admit(.chat()).get(), now: World.start).success != nil)
        let end = second.window.end
        table.load(spent: [SpentCell(cell: second.cell, windowStart: second.window.start, amount: 5)], now: World.start)
        let last = Instant(milliseconds: end.milliseconds - 1)
        #expect(table.reserve(try shifted.admit(.chat(), now: last).get(), now: last).success == nil)
        #expect(table.reserve(try shifted.admit(.chat(), now: end).get(), now: end).success != nil)
    }
}
