import Policy
import TestKit
import Testing

@testable import Spec

/// Charges by the million, added up twice.
@Suite struct ChargeSumTests {
    /// A counter in one of its windows.
    private struct Counted: Hashable {
        var uid: String
        var start: Instant
    }

    private static let files = [
        "orgs/acme/budgets.yaml": """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: all }
            spec: { for: { organization: true }, hard: 1000000000 USD/month, zone: Asia/Kolkata }
            ---
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: sam }
            spec: { for: { member: sam }, hard: 9000000000000 tokens/week }
            """,
        "orgs/acme/more.yaml": World.key("  budget: { hard: 100000000 requests total }", name: "second", secret: 0x12),
    ]

    @Test func `F19 random charges sum exactly in every counter, however requests overlap and windows turn`() throws {
        let snapshot = try World(key: "  budget: { hard: 1000000000 USD/day, zone: America/New_York }", files: Self.files).snapshot()
        let claims = try [0x11, 0x12].map { try snapshot.admit(.chat(), key: $0).get() }
        var random = Seeded(state: 19)
        let lists = (0..<16).map { _ in RandomPrices(&random) }
        var table = CellTable(org: "acme")
        let cells = Dictionary(uniqueKeysWithValues: snapshot.durableSeeds(now: World.start).map { ($0.cell.uid, $0.cell) })
        #expect(Set(cells.values.map(\.name)) == ["usd/month@Asia/Kolkata", "tokens/week", "usd/day@America/New_York", "requests/total"])
        var expected: [Counted: Int128] = [:]
        var open: [(claim: Int, reservation: Reservation)] = []
        var now = World.start
        let count = TestLength.of(100_000, long: 10_000_000)
        for number in 0..<count {
            now = now.adding(milliseconds: Int64.random(in: 0...Int64(8_000_000_000 / count), using: &random))
            let claim = number % 3 == 0 ? 1 : 0
            open.append((claim, try table.reserve(claims[claim], now: now).get()))
            while open.count > Int.random(in: 0...40, using: &random) {
                let (claim, reservation) = open.remove(at: .random(in: open.indices, using: &random))
                let prices = lists[Int.random(in: lists.indices, using: &random)]
                let usage = prices.usage(&random)
                let cost = Pricing.cost(usage, prices.list)
                if Int128(cost.rawValue) != prices.exactCost(usage) { Issue.record("\(usage) at \(prices) costs \(cost)") }
                table.settle(reservation, usage: usage, cost: cost, now: now)
                for (uid, amount) in Self.amounts(claim, usage, cost) {
                    let cell = try #require(cells[uid])
                    let start = try #require(Zone(name: cell.zone)).window(cell.window, around: reservation.admitted).start
                    expected[Counted(uid: uid, start: start), default: 0] += Int128(amount)
                    // What was admitted in a window before this one is not counted in it.
                    let balance = try #require(table.balance(of: cell))
                    let wanted = expected[Counted(uid: uid, start: balance.window.start)] ?? 0
                    if Int128(balance.spent) != wanted { Issue.record("\(cell.name) has spent \(balance.spent), not \(wanted)") }
                }
            }
        }
        #expect(expected.keys.count { $0.uid.hasSuffix("APIKey/checkout") } > 30)
        for (_, reservation) in open { table.release(reservation, now: now) }
        for (uid, cell) in cells {
            let balance = try #require(table.balance(of: cell))
            #expect(Int128(balance.spent) == expected[Counted(uid: uid, start: balance.window.start)] ?? 0)
            #expect(balance.held == 0)
        }
    }

    /// What each counter of a key is charged.
    private static func amounts(_ claim: Int, _ usage: Usage, _ cost: NanoUSD) -> [(String, Int64)] {
        [
            ("uid:acme/Budget/all", cost.rawValue), ("uid:acme/Budget/sam", usage.input + usage.output),
            claim == 0 ? ("uid:acme/APIKey/checkout", cost.rawValue) : ("uid:acme/APIKey/second", 1),
        ]
    }
}

/// Prices and what can be used at them, with the sum by schoolbook.
private struct RandomPrices {
    let list: PriceList
    private let input: Int64
    private let cached: Int64
    private let output: Int64

    init(_ random: inout Seeded) {
        func price() -> Int64 { .random(in: 0...100_000_000_000_000, using: &random) }
        (input, cached, output) = (price(), price(), price())
        list = PriceList(
            ModelCatalog.PriceList(meters: [
                .input: PicoUSDPerMillion(input), .cacheRead: PicoUSDPerMillion(cached), .output: PicoUSDPerMillion(output),
            ]), version: "random")
    }

    func usage(_ random: inout Seeded) -> Usage {
        let tokens = Int64.random(in: 0...20_000, using: &random)
        return Usage(input: tokens, output: .random(in: 0...2_000, using: &random), cacheRead: .random(in: 0...tokens, using: &random))
    }

    /// Half to even, to nano-USD, by comparing both neighbours.
    func exactCost(_ usage: Usage) -> Int128 {
        let exact = Int128(usage.input - usage.cacheRead) * Int128(input) + Int128(usage.cacheRead) * Int128(cached)
            + Int128(usage.output) * Int128(output)
        let below = exact / 1_000_000_000
        let (fromBelow, fromAbove) = (exact - below * 1_000_000_000, (below + 1) * 1_000_000_000 - exact)
        if fromBelow == fromAbove { return below.isMultiple(of: 2) ? below : below + 1 }
        return fromBelow < fromAbove ? below : below + 1
    }
}
