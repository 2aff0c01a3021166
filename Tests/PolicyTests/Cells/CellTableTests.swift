import Policy
import Spec
import Testing

@Suite struct CellTableTests {
    private func table() -> CellTable { CellTable(org: "acme") }

    @Test func `a rate limit is named by its own line, with the time to wait`() throws {
        let snapshot = try World(key: "  limits:\n    - 2 requests/min\n    - 100 concurrent").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        #expect(table.reserve(claim, now: World.start).success != nil)
        #expect(table.reserve(claim, now: World.start.adding(milliseconds: 500)).success != nil)
        let refusal = try #require(table.reserve(claim, now: World.start.adding(milliseconds: 700)).failure)
        #expect(refusal.code == .rateLimitExceeded)
        #expect(refusal.rule?.field.hasPrefix("/spec/limits/") == true)
        #expect(refusal.rule?.origin?.line == 9)
        #expect(refusal.retryAfter == .milliseconds(61_000 - 700))
        #expect(refusal.resetsAt == World.start.adding(milliseconds: 61_000))
        #expect(refusal.message == "the limit of 2 requests/minute is used up")
    }

    @Test func `a refusal consumes nothing`() throws {
        let snapshot = try World(key: "  limits: [5 requests/min, 1 concurrent]").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        let first = try table.reserve(claim, now: World.start).get()
        for _ in 0..<20 {
            #expect(table.reserve(claim, now: World.start).failure?.code == .concurrencyLimitExceeded)
        }
        table.settle(first, usage: Usage(), cost: .zero, now: World.start)
        for _ in 0..<4 {
            let next = try table.reserve(claim, now: World.start).get()
            table.settle(next, usage: Usage(), cost: .zero, now: World.start)
        }
        #expect(table.reserve(claim, now: World.start).failure?.code == .rateLimitExceeded)
    }

    @Test func `settling or releasing twice does nothing more`() throws {
        let snapshot = try World(key: "  limits: [1 concurrent]").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        let first = try table.reserve(claim, now: World.start).get()
        table.release(first, now: World.start)
        table.release(first, now: World.start)
        table.settle(first, usage: Usage(), cost: .zero, now: World.start)
        let second = try table.reserve(claim, now: World.start).get()
        table.settle(first, usage: Usage(), cost: .zero, now: World.start)
        #expect(table.isOpen(second))
        #expect(table.reserve(claim, now: World.start).failure?.code == .concurrencyLimitExceeded)
        #expect(table.openCount == 1)
    }

    @Test func `a reservation of another table is not touched`() throws {
        let snapshot = try World(key: "  limits: [1 concurrent]").snapshot()
        let claim = try snapshot.admit(.chat()).get()
        var mine = table()
        var other = CellTable(org: "globex")
        let foreign = try other.reserve(claim, now: World.start).get()
        _ = try mine.reserve(claim, now: World.start).get()
        mine.settle(foreign, usage: Usage(), cost: .zero, now: World.start)
        #expect(mine.reserve(claim, now: World.start).failure?.code == .concurrencyLimitExceeded)
    }

    @Test func `a spent budget names its hard line and the end of its window`() throws {
        // 0.0001 USD: 400 bytes of input and 100 tokens of output hold 0.002 USD.
        let snapshot = try World(key: "  budget:\n    hard: 0.005 USD/day\n    zone: Europe/Berlin").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        #expect(claim.hold == NanoUSD(2_000_000))
        let first = try table.reserve(claim, now: World.start).get()
        let second = try table.reserve(claim, now: World.start).get()
        let held = try #require(table.reserve(claim, now: World.start).failure)
        #expect(held.code == .budgetHeld)
        #expect(held.resetsAt == nil)
        #expect(try #require(held.retryAfter) < .seconds(5))
        #expect(held.message.contains("held for requests that are still open"))
        #expect(held.rule?.field == "/spec/budget/hard")

        table.settle(first, usage: Usage(input: 10, output: 10), cost: NanoUSD(125_000), now: World.start)
        #expect(table.reserve(claim, now: World.start).success != nil)
        table.release(second, now: World.start)
        let cell = DurableCell(uid: "uid:acme/APIKey/checkout", meter: .usd, window: .day, zone: "Europe/Berlin")
        let balance = try #require(table.balance(of: cell))
        #expect(balance.spent == 125_000)
        #expect(balance.held == 2_000_000)
    }

    @Test func `a spent budget is told apart from one that is held, and names the end of its window`() throws {
        let snapshot = try World(key: "  budget:\n    hard: 0.005 USD/day\n    zone: Europe/Berlin").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        func spend(_ nano: Int64) throws {
            let reservation = try table.reserve(claim, now: World.start).get()
            table.settle(reservation, usage: Usage(input: 10, output: 10), cost: NanoUSD(nano), now: World.start)
        }
        try spend(3_000_000)
        try spend(1_000_000)
        let nearly = try #require(table.reserve(claim, now: World.start).failure)
        #expect(nearly.code == .budgetExceeded)
        #expect(nearly.message.hasPrefix("less is left of the budget of 0.005 USD/day than the request may cost"))
        #expect(nearly.rule?.origin?.line == 9)
        #expect(nearly.resetsAt == Zone(name: "Europe/Berlin")?.window(.day, around: World.start).end)
        #expect(nearly.retryAfter == nil)
        let small = try snapshot.admit(.chat(bytes: 4, maxOutput: 50)).get()
        let last = try table.reserve(small, now: World.start).get()
        table.settle(last, usage: Usage(input: 10, output: 10), cost: NanoUSD(1_000_000), now: World.start)
        #expect(table.reserve(claim, now: World.start).failure?.message == "the budget of 0.005 USD/day is spent")
    }

    @Test(arguments: ["day", "month"])
    func `a limit of the calendar that is used up is a quota, which nobody is told to wait for`(_ window: String) throws {
        let snapshot = try World(key: "  limits: [1 requests/\(window)]").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        let first = try table.reserve(claim, now: World.start).get()
        let held = try #require(table.reserve(claim, now: World.start).failure)
        #expect(held.code == .rateLimitExceeded)
        #expect(try #require(held.retryAfter) < .seconds(5))
        table.settle(first, usage: Usage(), cost: .zero, now: World.start)
        let refusal = try #require(table.reserve(claim, now: World.start).failure)
        #expect(refusal.code == .quotaExceeded)
        #expect(refusal.retryAfter == nil)
        #expect(refusal.resetsAt != nil)
        #expect(refusal.limits?.requests?.remaining == 0)
    }

    @Test func `a request dearer than the whole budget is not told to come back`() throws {
        let snapshot = try World(key: "  budget: { hard: 0.001 USD/day }").snapshot()
        var table = table()
        let refusal = try #require(table.reserve(try snapshot.admit(.chat()).get(), now: World.start).failure)
        #expect(refusal.code == .budgetExceeded)
        #expect(refusal.resetsAt == nil)
        #expect(refusal.message.contains("whole budget of 0.001 USD/day"))
    }

    @Test func `a budget is told before a limit, a limit before concurrency`() throws {
        let snapshot = try World(
            key: "  limits: [1 requests/min, 1 requests/hour, 1 concurrent]\n  budget: { hard: 1 requests/day }"
        ).snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        let first = try table.reserve(claim, now: World.start).get()
        #expect(table.reserve(claim, now: World.start).failure?.code == .rateLimitExceeded)
        table.settle(first, usage: Usage(), cost: .zero, now: World.start)
        #expect(table.reserve(claim, now: World.start).failure?.code == .budgetExceeded)
        let tomorrow = World.start.adding(seconds: 86_400)
        _ = try table.reserve(claim, now: tomorrow).get()
        #expect(table.reserve(claim, now: tomorrow).failure?.code == .rateLimitExceeded)
        let dayAfter = World.start.adding(seconds: 2 * 86_400)
        #expect(table.reserve(claim, now: dayAfter).failure?.code == .concurrencyLimitExceeded)
    }

    @Test func `the longest wait decides which limit is named`() throws {
        let snapshot = try World(key: "  limits: [1 requests/min, 1 requests/hour]").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        _ = try table.reserve(claim, now: World.start).get()
        let refusal = try #require(table.reserve(claim, now: World.start).failure)
        #expect(refusal.message.contains("/hour"))
    }

    @Test func `limits per model have a counter for each requested name`() throws {
        let snapshot = try World(key: "  limits: [1 requests/min per model]").snapshot()
        var table = table()
        for model in ["openai/gpt-4o", "vllm/llama", "assistant"] {
            #expect(table.reserve(try snapshot.admit(.chat(model)).get(), now: World.start).success != nil)
        }
        #expect(table.reserve(try snapshot.admit(.chat("gpt-4o")).get(), now: World.start).failure?.code == .rateLimitExceeded)
    }

    @Test func `tokens are corrected to what was used`() throws {
        let snapshot = try World(key: "  limits: [250 tokens/min]").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        let first = try table.reserve(claim, now: World.start).get()
        #expect(first.limits.tokens == LimitStatus(limit: 250, remaining: 50, window: .minute, reset: .seconds(61)))
        #expect(table.reserve(claim, now: World.start).failure?.code == .rateLimitExceeded)
        table.settle(first, usage: Usage(input: 20, output: 30), cost: .zero, now: World.start)
        let second = try table.reserve(claim, now: World.start).get()
        #expect(second.limits.tokens?.remaining == 0)
    }

    @Test func `headers show the tightest limit`() throws {
        let snapshot = try World(key: "  limits: [10 requests/min, 4 requests/hour, 100 requests/day]").snapshot()
        var table = table()
        let reservation = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        #expect(reservation.limits.requests?.limit == 4)
        #expect(reservation.limits.requests?.remaining == 3)
        #expect(reservation.limits.tokens == nil)
    }

    @Test func `a changed amount applies to the same counter in the next snapshot`() throws {
        var table = table()
        let old = try World(key: "  budget: { hard: 3 requests/day }").snapshot()
        for _ in 0..<3 {
            let reservation = try table.reserve(try old.admit(.chat()).get(), now: World.start).get()
            table.settle(reservation, usage: Usage(), cost: .zero, now: World.start)
        }
        #expect(table.reserve(try old.admit(.chat()).get(), now: World.start).failure?.code == .budgetExceeded)
        let grown = try World(key: "  budget: { hard: 4 requests/day }").snapshot(revision: 2)
        _ = try table.reserve(try grown.admit(.chat()).get(), now: World.start).get()
        let shrunk = try World(key: "  budget: { hard: 2 requests/day }").snapshot(revision: 3)
        #expect(table.reserve(try shrunk.admit(.chat()).get(), now: World.start).failure?.code == .budgetExceeded)
        #expect(table.cellCount == 1)
    }

    @Test func `a hold over midnight is booked where it was admitted`() throws {
        let snapshot = try World(key: "  budget: { hard: 1000 tokens/day }").snapshot()
        var table = table()
        let midnight = Zone.utc.window(.day, around: World.start).end
        let before = midnight.adding(milliseconds: -1)
        let claim = try snapshot.admit(.chat(), now: before).get()
        let late = try table.reserve(claim, now: before).get()
        let early = try table.reserve(claim, now: midnight).get()
        let cell = DurableCell(uid: "uid:acme/APIKey/checkout", meter: .tokens, window: .day)
        #expect(table.balance(of: cell)?.held == 200)
        table.settle(late, usage: Usage(input: 1, output: 2), cost: .zero, now: midnight)
        #expect(table.balance(of: cell)?.spent == 0)
        #expect(table.balance(of: cell)?.held == 200)
        table.settle(early, usage: Usage(input: 5), cost: .zero, now: midnight)
        #expect(table.balance(of: cell)?.spent == 5)
        // A clock that is set back finds the day before.
        _ = try table.reserve(claim, now: before).get()
        #expect(table.balance(of: cell)?.window.start == midnight.adding(seconds: -86_400))
        #expect(table.balance(of: cell)?.spent == 3)
    }

    @Test func `the ledger's sums count, and never lower what is known`() throws {
        let snapshot = try World(key: "  budget: { hard: 10 requests/day }").snapshot()
        let seed = try #require(snapshot.durableSeeds(now: World.start).first)
        #expect(seed.subject == .key(uid: "uid:acme/APIKey/checkout"))
        #expect(seed.orgUID == snapshot.organizations.first?.uid)
        var table = table()
        let nine = SpentCell(cell: seed.cell, windowStart: seed.window.start, amount: 9)
        #expect(table.load(spent: [nine], now: World.start) == 1)
        let last = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        #expect(table.reserve(try snapshot.admit(.chat()).get(), now: World.start).failure?.code == .budgetHeld)
        table.settle(last, usage: Usage(), cost: .zero, now: World.start)
        #expect(table.load(spent: [nine], now: World.start) == 0)
        #expect(table.balance(of: seed.cell)?.spent == 10)
        #expect(table.reserve(try snapshot.admit(.chat()).get(), now: World.start).failure?.code == .budgetExceeded)
    }

    @Test func `sums of another window are ignored`() throws {
        let snapshot = try World(key: "  budget: { hard: 10 requests/day }").snapshot()
        let seed = try #require(snapshot.durableSeeds(now: World.start).first)
        var table = table()
        let yesterday = SpentCell(cell: seed.cell, windowStart: seed.window.start.adding(seconds: -86_400), amount: 10)
        #expect(table.load(spent: [yesterday], now: World.start) == 0)
        #expect(table.reserve(try snapshot.admit(.chat()).get(), now: World.start).success != nil)
    }

    @Test func `sweeping forgets idle counters and keeps what counts`() throws {
        let snapshot = try World(
            key: "  limits: [5 requests/min, 5 concurrent, 5 requests/min per model]\n  budget: { hard: 100 requests/day }"
        ).snapshot()
        var table = table()
        let open = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        let done = try table.reserve(try snapshot.admit(.chat("vllm/llama")).get(), now: World.start).get()
        table.settle(done, usage: Usage(), cost: .zero, now: World.start)
        #expect(table.cellCount == 5)
        table.sweep(now: World.start)
        #expect(table.cellCount == 5)
        let later = World.start.adding(seconds: 120)
        table.sweep(now: later)
        #expect(table.cellCount == 2)
        table.settle(open, usage: Usage(), cost: .zero, now: later)
        table.sweep(now: later)
        #expect(table.cellCount == 1)
        table.sweep(now: World.start.adding(seconds: 2 * 86_400))
        #expect(table.cellCount == 0)
    }

    @Test func `settling after a sweep leaves the counter that took the place alone`() throws {
        let snapshot = try World(key: "  limits: [1000 tokens/min per model]").snapshot()
        var table = table()
        let old = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        let later = World.start.adding(seconds: 120)
        table.sweep(now: later)
        let fresh = try table.reserve(try snapshot.admit(.chat("vllm/llama")).get(), now: later).get()
        table.settle(old, usage: Usage(input: 900), cost: .zero, now: later)
        let next = try table.reserve(try snapshot.admit(.chat("vllm/llama")).get(), now: later).get()
        #expect(fresh.limits.tokens?.remaining == 800)
        #expect(next.limits.tokens?.remaining == 600)
    }

    @Test func `a budget over some models is charged only for those`() throws {
        let budget = """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: openai }
            spec: { for: { model: "openai/*" }, hard: 1 USD/month }
            """
        let snapshot = try World(files: ["orgs/acme/budget.yaml": budget]).snapshot()
        var table = table()
        let direct = try table.reserve(try snapshot.admit(.chat("vllm/llama")).get(), now: World.start).get()
        table.settle(direct, usage: Usage(input: 9), cost: NanoUSD(9), now: World.start)
        let cell = try #require(snapshot.durableSeeds(now: World.start).first).cell
        #expect(cell.uid == "uid:acme/Budget/openai")
        var spent: Int64 { table.balance(of: cell)?.spent ?? 0 }
        #expect(spent == 0)

        let claim = try snapshot.admit(.chat("assistant")).get()
        for target in snapshot.route(claim, draw: 0) {
            let reservation = try table.reserve(claim, now: World.start).get()
            let before = spent
            table.settle(reservation, usage: Usage(input: 9), cost: NanoUSD(9), served: target.ordinal, now: World.start)
            #expect(spent - before == (target.provider.name == "openai" ? 9 : 0))
        }
        #expect(spent == 18)
        #expect(table.balance(of: cell)?.held == 0)
    }

    @Test func `a budget that is pointed at something else starts with what that has used`() throws {
        func snapshot(_ subject: String) throws -> Snapshot {
            try World(files: [
                "orgs/acme/budget.yaml": """
                apiVersion: charter/v1
                kind: Budget
                metadata: { name: monthly }
                spec: { for: \(subject), hard: 2 requests/month }
                """
            ]).snapshot()
        }
        var table = table()
        let ofAll = try snapshot("{ organization: true }")
        for _ in 0..<2 {
            let reservation = try table.reserve(try ofAll.admit(.chat()).get(), now: World.start).get()
            table.settle(reservation, usage: Usage(), cost: .zero, now: World.start)
        }
        #expect(table.reserve(try ofAll.admit(.chat()).get(), now: World.start).failure?.code == .budgetExceeded)
        for subject in ["{ key: checkout }", "{ member: sam }", "{ model: openai/* }", "{ model: openai/gpt-4o }"] {
            let next = try snapshot(subject)
            let seed = try #require(next.durableSeeds(now: World.start).first)
            #expect(!table.holds(seed.cell), "\(subject)")
            let reservation = try table.reserve(try next.admit(.chat()).get(), now: World.start).get()
            table.release(reservation, now: World.start)
        }
        #expect(table.reserve(try ofAll.admit(.chat()).get(), now: World.start).failure?.code == .budgetExceeded)
    }

    @Test(arguments: [1, 86_400, 40 * 86_400] as [Int64])
    func `a clock that was set back finds the window that it left`(ahead: Int64) throws {
        let snapshot = try World(key: "  budget: { hard: 3 requests/day }").snapshot()
        let seed = try #require(snapshot.durableSeeds(now: World.start).first)
        let cell = seed.cell
        var table = table()
        let midnight = Zone.utc.window(.day, around: World.start).end
        let evening = midnight.adding(milliseconds: -500)
        let wrong = midnight.adding(seconds: ahead)
        func reserve(_ now: Instant) throws -> Reservation? {
            table.reserve(try snapshot.admit(.chat(), now: now).get(), now: now).success
        }
        let open = try reserve(evening)
        let ended = try reserve(evening)
        table.settle(try #require(ended), usage: Usage(), cost: .zero, now: evening)
        // The clock is wrong for a moment, and requests that are open then settle in the window that admitted them.
        let early = try reserve(wrong)
        table.settle(try #require(early), usage: Usage(), cost: .zero, now: wrong)
        table.sweep(now: wrong)
        table.settle(try #require(open), usage: Usage(), cost: .zero, now: wrong)
        #expect(table.balance(of: cell)?.spent == 1)
        #expect(try reserve(evening) != nil)
        #expect(table.balance(of: cell)?.spent == 2)
        #expect(try reserve(evening) == nil)
        // What was booked ahead of time counts when that time comes.
        _ = try reserve(wrong)
        #expect(table.balance(of: cell)?.spent == 1)
    }

    @Test func `limits of an hour count what the ledger has of it, slot by slot`() throws {
        let snapshot = try World(key: "  limits: [10 requests/hour, 100 tokens/min, 3 requests/hour per model]").snapshot()
        let seeds = snapshot.slidingSeeds()
        #expect(seeds.count == 2)
        let all = try #require(seeds.first { !$0.isPerModel })
        let each = try #require(seeds.first { $0.isPerModel })
        #expect(all.subject == .key(uid: "uid:acme/APIKey/checkout"))
        var table = table()
        let now = World.start
        let counts = [
            SlidingCount(seed: all, at: now.adding(seconds: -1_800), amount: 6),
            SlidingCount(seed: all, at: now.adding(seconds: -600), amount: 3),
            SlidingCount(seed: all, at: now.adding(seconds: -7_200), amount: 100),
            SlidingCount(seed: each, model: "openai/gpt-4o", at: now.adding(seconds: -600), amount: 3),
        ]
        func claim(_ model: String) throws -> Claim { try snapshot.admit(.chat(model, bytes: 4, maxOutput: 1)).get() }
        table.load(sliding: counts, now: now)
        table.load(sliding: counts, now: now)
        #expect(table.reserve(try claim("openai/gpt-4o"), now: now).failure?.message == "the limit of 3 requests/hour is used up")
        #expect(table.reserve(try claim("vllm/llama"), now: now).success != nil)
        #expect(table.reserve(try claim("vllm/llama"), now: now).failure?.message == "the limit of 10 requests/hour is used up")
        // The older slot has left the hour then, the newer one has not.
        let later = now.adding(seconds: 1_900)
        for _ in 0..<3 { #expect(table.reserve(try claim("vllm/shared"), now: later).success != nil) }
        #expect(table.reserve(try claim("openai/gpt-4o"), now: later).success == nil)
    }

    @Test func `a request whose first answer broke off is counted once`() throws {
        let snapshot = try World(key: "  limits: [2 requests/min, 1 concurrent]\n  budget: { hard: 2 requests/day }").snapshot()
        let seed = try #require(snapshot.durableSeeds(now: World.start).first)
        let cell = seed.cell
        var table = table()
        let claim = try snapshot.admit(.chat("assistant")).get()
        let first = try table.reserve(claim, now: World.start).get()
        let second = try table.renew(first, usage: Usage(input: 1), cost: .zero, served: 0, for: claim, now: World.start).get()
        #expect(!table.isOpen(first))
        #expect(table.balance(of: cell)?.spent == 0)
        #expect(table.balance(of: cell)?.held == 1)
        table.settle(second, usage: Usage(), cost: .zero, served: 1, now: World.start)
        #expect(table.balance(of: cell)?.spent == 1)
        #expect(try table.reserve(claim, now: World.start).get().limits.requests?.remaining == 0)
        #expect(table.openCount == 1)
    }

    @Test func `a broken answer that may not be tried again counts its request`() throws {
        let snapshot = try World(key: "  limits: [5 requests/min]\n  budget: { hard: 5 tokens/day }").snapshot()
        var table = table()
        let claim = try snapshot.admit(.chat("assistant", bytes: 4, maxOutput: 1)).get()
        let first = try table.reserve(claim, now: World.start).get()
        let refusal = table.renew(first, usage: Usage(input: 4), cost: .zero, served: 0, for: claim, now: World.start).failure
        #expect(refusal?.code == .budgetExceeded)
        #expect(table.openCount == 0)
        let tomorrow = try World(key: "  limits: [5 requests/min]").snapshot(revision: 2)
        #expect(try table.reserve(try tomorrow.admit(.chat()).get(), now: World.start).get().limits.requests?.remaining == 3)
    }

    @Test func `a running answer takes more of every budget or of none`() throws {
        let snapshot = try World(
            key: "  limits: [210 tokens/min]\n  budget: { hard: 0.005 USD/day }",
            files: [
                "orgs/acme/budget.yaml": """
                apiVersion: charter/v1
                kind: Budget
                metadata: { name: tokens }
                spec: { for: { organization: true }, hard: 500 tokens/month }
                """
            ]
        ).snapshot()
        let cells = snapshot.durableSeeds(now: World.start).map(\.cell)
        var table = table()
        var reservation = try table.reserve(try snapshot.admit(.chat()).get(), now: World.start).get()
        func held() -> [Int64] { cells.compactMap { table.balance(of: $0)?.held } }
        #expect(held() == [2_000_000, 200])
        #expect(table.extend(&reservation, tokens: 100, money: NanoUSD(1_000_000), served: 0) == nil)
        #expect(held() == [3_000_000, 300])
        let tokens = try #require(table.extend(&reservation, tokens: 201, money: NanoUSD(1), served: 0))
        #expect(snapshot.refusal(tokens)?.message == "the budget of 500 tokens/month is spent, so the answer ends here")
        let money = try #require(table.extend(&reservation, tokens: 1, money: NanoUSD(2_000_001), served: 0))
        #expect(snapshot.refusal(money)?.rule?.field == "/spec/budget/hard")
        #expect(held() == [3_000_000, 300])
        table.settle(reservation, usage: Usage(input: 50, output: 250), cost: NanoUSD(2_900_000), now: World.start)
        #expect(held() == [0, 0])
        #expect(table.extend(&reservation, tokens: 1, money: NanoUSD(1), served: 0) == nil)
        #expect(held() == [0, 0])
    }

    @Test func `a reservation that nobody ends gives back its concurrency after a day, and counts as used`() throws {
        let snapshot = try World(key: "  limits: [1 concurrent]\n  budget: { hard: 1 USD/month }").snapshot()
        let seed = try #require(snapshot.durableSeeds(now: World.start).first)
        let cell = seed.cell
        var table = table()
        let claim = try snapshot.admit(.chat()).get()
        let lost = try table.reserve(claim, now: World.start).get()
        #expect(table.expire(after: CellTable.reservationLife) == 0)
        #expect(table.reserve(claim, now: World.start).failure?.code == .concurrencyLimitExceeded)
        #expect(table.expire(after: .seconds(5)) == 1)
        #expect(!table.isOpen(lost))
        #expect(table.balance(of: cell)?.spent == claim.hold.rawValue)
        #expect(table.balance(of: cell)?.held == 0)
        let next = try table.reserve(claim, now: World.start).get()
        #expect(table.expire(after: .seconds(5)) == 0)
        table.settle(lost, usage: Usage(), cost: .zero, now: World.start)
        #expect(table.isOpen(next))
    }
}
