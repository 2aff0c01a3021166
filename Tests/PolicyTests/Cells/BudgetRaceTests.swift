import Policy
import Spec
import Synchronization
import TestKit
import Testing

/// As many threads as a busy gateway never has, at a budget that only one of them fits in.
@Suite struct BudgetRaceTests {
    private static let threads = 64
    private static let rounds = 1_000

    /// Shared by the threads as an organization's counters are by the loops.
    private final class Counters: Sendable {
        let table = Mutex(CellTable(org: "acme"))
    }

    /// A request holds 0.002 USD, 200 tokens and itself, so a second one fits in none of these.
    @Test(arguments: ["0.003 USD/day", "250 tokens/day", "1 requests/day"])
    func `F13 a key's budget that admits one of 64 at once admits exactly one, a thousand times over`(budget: String) throws {
        try race(World(key: "  budget: { hard: \(budget) }").snapshot(), keys: [0x11])
    }

    @Test func `F13 an organization's budget that admits one of 64 keys' requests at once admits exactly one, a thousand times over`() throws {
        let keys = Array(1...UInt8(Self.threads))
        let declared = keys.map { World.key("  limits: [1000 requests/min]", name: "key-\($0)", secret: $0) }.joined(separator: "---\n")
        let budget = """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: all }
            spec: { for: { organization: true }, hard: 0.003 USD/day }
            """
        try race(World(files: ["orgs/acme/key.yaml": declared, "orgs/acme/budget.yaml": budget]).snapshot(), keys: keys)
    }

    private func race(_ snapshot: Snapshot, keys: [UInt8]) throws {
        let counters = Counters()
        let claims = try keys.map { try snapshot.admit(.chat(), key: $0).get() }
        let gate = Rendezvous(Self.threads)
        let won = try inParallel(Self.threads, within: .seconds(600)) { thread in
            let claim = claims[thread % claims.count]
            return (0..<Self.rounds).map { round -> Bool in
                // Every round has a day of its own.
                let now = World.start.adding(seconds: Int64(round) * 86_400)
                gate.wait()
                let held = counters.table.withLock { table -> Reservation? in
                    let held = table.reserve(claim, now: now).success
                    // What is spent at once leaves no more room than what is held.
                    if let held, round % 2 == 0 { Self.settle(held, claim, &table, now: now) }
                    return held
                }
                gate.wait()
                guard let held, round % 2 == 1 else { return held != nil }
                counters.table.withLock { table in
                    table.release(held, now: now)
                    // Given back, it is there for one more, and again only for one.
                    guard let next = table.reserve(claim, now: now).success else { return }
                    let third = table.reserve(claim, now: now).success
                    if third != nil { Issue.record("round \(round) had room for two") }
                    Self.settle(next, claim, &table, now: now)
                }
                return true
            }
        }
        for round in 0..<Self.rounds {
            let count = won.count { $0[round] }
            if count != 1 { Issue.record("round \(round) admitted \(count)") }
        }
        let open = counters.table.withLock { $0.openCount }
        #expect(open == 0)
    }

    private static func settle(_ held: Reservation, _ claim: Claim, _ table: inout CellTable, now: Instant) {
        table.settle(held, usage: Usage(input: claim.inputTokens, output: claim.output), cost: claim.hold, now: now)
    }
}
