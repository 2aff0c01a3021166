import Policy
import Spec
import Testing

/// Random requests against a reference that remembers every one of them.
@Suite struct CellTableModelTests {
    struct Entry {
        var at: Int64
        var tokens: Int64
        var cost: Int64
        var isOpen: Bool
    }

    /// Counts the slow way what the bounds of the key below allow.
    struct Reference {
        var entries: [Int: Entry] = [:]

        func requests(within length: Int64, at now: Int64) -> Int {
            entries.values.count { $0.at > now - length }
        }

        func tokens(within length: Int64, at now: Int64) -> Int64 {
            entries.values.filter { $0.at > now - length }.reduce(0) { $0 + $1.tokens }
        }

        func cost(of day: CalendarWindow) -> Int64 {
            entries.values.filter { $0.at >= day.start.milliseconds && $0.at < day.end.milliseconds }
                .reduce(0) { $0 + $1.cost }
        }

        var open: Int { entries.values.count(where: \.isOpen) }
    }

    @Test(arguments: 0..<6) func `bounds hold at every moment, and everything returns`(seed: Int) throws {
        let snapshot = try World(
            key: """
                  limits: [20 requests/min, 3000 tokens/min, 3 concurrent]
                  budget: { hard: 0.5 USD/day, zone: Europe/Berlin }
                """
        ).snapshot()
        let zone = try #require(Zone(name: "Europe/Berlin"))
        let cell = DurableCell(uid: "uid:acme/APIKey/checkout", meter: .usd, window: .day, zone: "Europe/Berlin")
        var random = Seeded(state: UInt64(seed) &+ 77)
        var table = CellTable(org: "acme")
        var reference = Reference()
        var open: [(id: Int, reservation: Reservation, claim: Claim)] = []
        var now = World.start
        var refusals: [RefusalCode: Int] = [:]

        for id in 0..<1_500 {
            now = now.adding(milliseconds: Int64.random(in: 0...6_000, using: &random))
            if id % 500 == 499 { now = zone.window(.day, around: now).end }
            let claim = try snapshot.admit(
                .chat(bytes: .random(in: 0...2_000, using: &random), maxOutput: .random(in: 1...500, using: &random)),
                now: now
            ).get()
            switch table.reserve(claim, now: now) {
            case .success(let reservation):
                let tokens = claim.inputTokens + claim.outputCap
                reference.entries[id] = Entry(
                    at: now.milliseconds, tokens: tokens, cost: claim.hold.rawValue, isOpen: true)
                open.append((id, reservation, claim))
            case .failure(let refusal):
                refusals[refusal.code, default: 0] += 1
            }
            let day = zone.window(.day, around: now)
            #expect(reference.requests(within: 60_000, at: now.milliseconds) <= 20)
            #expect(reference.tokens(within: 60_000, at: now.milliseconds) <= 3_000)
            #expect(reference.cost(of: day) <= 500_000_000)
            #expect(reference.open <= 3)

            while !open.isEmpty, Bool.random(using: &random) {
                let (id, reservation, claim) = open.remove(at: .random(in: open.indices, using: &random))
                if Int.random(in: 0..<5, using: &random) == 0 {
                    table.release(reservation, now: now)
                    reference.entries[id] = nil
                } else {
                    // True usage is within the claim, as the caps that were claimed make it.
                    let usage = Usage(
                        input: .random(in: 0...claim.inputTokens, using: &random),
                        output: .random(in: 0...claim.outputCap, using: &random))
                    let cost = NanoUSD(.random(in: 0...claim.hold.rawValue, using: &random))
                    table.settle(reservation, usage: usage, cost: cost, now: now)
                    reference.entries[id]?.tokens = usage.tokens
                    reference.entries[id]?.cost = cost.rawValue
                    reference.entries[id]?.isOpen = false
                }
                #expect(!table.isOpen(reservation))
            }
            if let balance = table.balance(of: cell), balance.window == day {
                #expect(balance.spent + balance.held == reference.cost(of: day))
                #expect(balance.spent >= 0 && balance.held >= 0)
            }
        }
        #expect(Set(refusals.keys) == [.rateLimitExceeded, .concurrencyLimitExceeded, .budgetHeld, .budgetExceeded])
        #expect(reference.entries.count > 100)
        for (_, reservation, _) in open { table.release(reservation, now: now) }
        #expect(table.openCount == 0)
        #expect(table.balance(of: cell)?.held == 0)
        table.sweep(now: now.adding(seconds: 2 * 86_400))
        #expect(table.cellCount == 0)
    }
}
