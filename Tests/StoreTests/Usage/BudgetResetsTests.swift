import Crypto
import Spec
import TestKit
import Testing

@testable import Store

@Suite struct BudgetResetsTests {
    private let org = SecureRandom.uuid()
    private let budget = CounterID(uid: SecureRandom.uuid(), name: "usd/day", subject: "")
    private static let (start, end) = (UsageFixtures.dayStart, UsageFixtures.dayEnd)

    private func reset(_ counter: CounterID, amount: Int64) -> BudgetReset {
        BudgetReset(
            org: "acme", orgUID: org, resource: ResourceKey(org: "acme", kind: .budget, name: "team"), counter: counter,
            windowStart: Self.start, windowEnd: Self.end, amount: amount, actor: "ada", reason: "an outage was ours")
    }

    @discardableResult
    private func add(_ connection: Connection, _ counter: CounterID, _ amounts: [(Instant, Int64)], until: Instant = Self.end) throws -> BudgetReset {
        try connection.transaction { transaction in
            try RuntimeSequence.advance(transaction, orgUID: org)
            return try BudgetResets.add(
                transaction, reset(counter, amount: amounts.reduce(0) { $0 + $1.1 }),
                amounts.map { BudgetResets.Part(start: $0.0, countsUntil: until, amount: $0.1) })
        }
    }

    private func credits(_ connection: Connection, uids: [String]? = nil, after: Instant = Self.start) throws -> Set<BudgetCredit> {
        Set(try connection.transaction { try BudgetResets.credits($0, uids: uids, after: after) })
    }

    @Test func `credits of a counter's parts add up, and end with their window`() throws {
        let connection = try Fixtures.connection()
        let second = Instant(milliseconds: Self.start.milliseconds + 60_000)
        let rolling = CounterID(uid: budget.uid, name: "usd/2h rolling", subject: "@openai/*")
        try add(connection, budget, [(Self.start, 70)])
        try add(connection, budget, [(Self.start, 5)])
        try add(connection, rolling, [(Self.start, 1), (second, 2)], until: second)
        let wanted: Set = [
            BudgetCredit(counter: budget, start: Self.start, amount: 75), BudgetCredit(counter: rolling, start: Self.start, amount: 1),
            BudgetCredit(counter: rolling, start: second, amount: 2),
        ]
        #expect(try credits(connection) == wanted)
        #expect(try credits(connection, uids: [budget.uid]) == wanted)
        #expect(try credits(connection, uids: [SecureRandom.uuid()]).isEmpty)
        #expect(try credits(connection, after: second) == [BudgetCredit(counter: budget, start: Self.start, amount: 75)])
        #expect(try credits(connection, after: Self.end).isEmpty)
    }

    @Test func `resets are listed to their organization, the newest first, and stay as they are`() throws {
        let connection = try Fixtures.connection()
        let first = try add(connection, budget, [(Self.start, 70)])
        let second = try add(connection, budget, [(Self.start, 5)])
        #expect(first.at != nil && second.id > first.id)
        let listed = try connection.transaction { try BudgetResets.list($0, .organization("acme"), limit: 9) }
        #expect(listed == [second, first])
        #expect(try connection.transaction { try BudgetResets.list($0, .organization("globex"), limit: 9) }.isEmpty)
        #expect(try connection.transaction { try BudgetResets.list($0, .everything, uids: [budget.uid], limit: 1) } == [second])
        for statement in ["UPDATE charter.budget_reset SET amount = 1", "DELETE FROM charter.budget_credit"] {
            #expect(throws: DatabaseError.self) { try connection.transaction { _ = try $0.query(statement) } }
        }
    }

    @Test func `gateways hear of a reset by the sequence of the organization's changes`() throws {
        let connection = try Fixtures.connection()
        let before = try connection.transaction { try RuntimeSequence.current($0) }
        try add(connection, budget, [(Self.start, 70)])
        #expect(try connection.transaction { try RuntimeSequence.current($0) } == before + 1)
    }

    @Test func `what a correction of prices changes of a cell stands beside its sum, also for one name`() throws {
        let usage = UsageFixtures()
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let uid = SecureRandom.uuid()
        let whole = usage.seed(uid)
        var ofNames = whole
        ofNames.id.model = CellID.everyName
        func sums() throws -> [String: CellSum] {
            let found = try connection.transaction { try Cells.load($0, [whole, ofNames]) }
            return Dictionary(uniqueKeysWithValues: found.map { ($0.key.model, $0.value) })
        }
        #expect(try sums() == ["": CellSum(amount: 0, corrected: 0), "*": CellSum(amount: 0, corrected: 0)])
        let row = usage.row(cost: 100)
        try connection.ship([row], epoch: epoch, to: 1)
        let corrections = { (cost: Int64) in [CostCorrection(row: row, cost: NanoUSD(cost), priceVersion: "p2")] }
        for (cost, wanted) in [(30, -70), (30, -70), (45, -55)] as [(Int64, Int64)] {
            _ = try connection.transaction { try Ledger.correct($0, corrections(cost), epoch: epoch, detail: "{}") }
            let sum = CellSum(amount: cost, corrected: wanted)
            #expect(try sums() == ["": sum, "*": sum, "assistant": sum])
        }
        // A cell that is made now has all of it in its amount.
        let late = usage.seed(SecureRandom.uuid())
        #expect(try connection.transaction { try Cells.load($0, [late])[late.id] } == CellSum(amount: 45, corrected: 0))
    }
}
