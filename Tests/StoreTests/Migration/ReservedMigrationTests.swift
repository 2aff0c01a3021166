import Crypto
import Spec
import Testing

@testable import Store

/// From the step before with a gateway that reports already.
@Suite struct ReservedMigrationTests {
    @Test func `a gateway that reported before goes on, and says what it holds from then on`() throws {
        let connection = try Fixtures.connection(before: .reserved)
        let replica = Replica(
            id: "g1", epoch: 3, revision: 7, stateDigest: String(repeating: "ab", count: 32), version: "0.1",
            startedAt: Instant(milliseconds: 1_700_000_000_000))
        try connection.transaction { try Replicas.report($0, replica) }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.reserved.version)
        let amount = ReservedAmount(
            counter: CounterID(uid: SecureRandom.uuid(), name: "usd/day", subject: ""), start: UsageFixtures.dayStart, amount: 7)
        try connection.transaction { transaction in
            #expect(try ReservedAmounts.list(transaction, uids: [amount.counter.uid]).isEmpty)
            try ReservedAmounts.replace(transaction, gateway: "g1", epoch: 3, with: [amount])
            #expect(try ReservedAmounts.list(transaction, uids: [amount.counter.uid]) == [amount])
            #expect(try Replicas.list(transaction).map(\.id) == ["g1"])
        }
    }
}
