import Crypto
import Spec
import Testing

@testable import Store

@Suite struct ReservedAmountsTests {
    private let budget = CounterID(uid: SecureRandom.uuid(), name: "usd/day", subject: "")
    private let other = CounterID(uid: SecureRandom.uuid(), name: "requests/4h rolling", subject: "@openai/*")
    private let connection: Connection

    init() throws { connection = try Fixtures.connection() }

    private func amount(_ counter: CounterID, _ amount: Int64, at start: Instant = UsageFixtures.dayStart) -> ReservedAmount {
        ReservedAmount(counter: counter, start: start, amount: amount)
    }

    private func replace(_ epoch: Int64, _ amounts: [ReservedAmount]) throws {
        try connection.transaction { try ReservedAmounts.replace($0, gateway: "g", epoch: epoch, with: amounts) }
    }

    private func listed() throws -> Set<ReservedAmount> {
        Set(try connection.transaction { try ReservedAmounts.list($0, uids: [budget.uid, other.uid]) })
    }

    private func count() throws -> Int64 {
        try connection.transaction { try $0.query("SELECT count(*) FROM charter.reserved")[0].integer(0) }
    }

    @Test func `what a process says stands in place of what it said before, and adds up with what others say`() throws {
        try replace(1, [amount(budget, 70), amount(other, 1)])
        try replace(2, [amount(budget, 5), amount(other, 2, at: UsageFixtures.dayEnd)])
        #expect(try listed() == [amount(budget, 75), amount(other, 1), amount(other, 2, at: UsageFixtures.dayEnd)])
        #expect(try connection.transaction { try ReservedAmounts.list($0, uids: [other.uid]) }.count == 2)
        try replace(1, [amount(budget, 7)])
        #expect(try listed() == [amount(budget, 12), amount(other, 2, at: UsageFixtures.dayEnd)])
        try replace(1, [])
        try connection.transaction { try ReservedAmounts.remove($0, epoch: 2) }
        #expect(try listed().isEmpty && count() == 0)
    }

    @Test func `what a gateway said that is gone counts no longer, and goes when another one writes`() throws {
        try replace(1, [amount(budget, 70)])
        try connection.transaction { try $0.query("UPDATE charter.reserved SET at = at - interval '31 seconds'") }
        try replace(2, [amount(budget, 5)])
        #expect(try listed() == [amount(budget, 5)] && count() == 2)
        try connection.transaction { try $0.query("UPDATE charter.reserved SET at = at - interval '10 minutes' WHERE epoch = 1") }
        try replace(2, [])
        #expect(try count() == 0)
    }

    @Test func `amounts that are more than a number has room for stay the largest one`() throws {
        try replace(1, [amount(budget, .max)])
        try replace(2, [amount(budget, 1)])
        #expect(try listed() == [amount(budget, .max)])
    }
}
