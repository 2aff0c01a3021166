import Crypto
import Spec
import Testing

@testable import Store

/// From step 32 to 33 with a cell that counts already.
@Suite struct BudgetResetsMigrationTests {
    @Test func `a cell goes on with its sum, of which no part is known as a correction`() throws {
        let usage = UsageFixtures()
        let connection = try Fixtures.connection(before: .budgetResets)
        let seed = usage.seed(SecureRandom.uuid())
        try connection.transaction { transaction in
            try transaction.query(
                """
                INSERT INTO charter.cell (uid, meter, "window", window_start, window_end, model, amount, org_uid)
                VALUES ($1, 'usd', 'day', $2, $3, '', 77, $4)
                """, [.text(seed.id.uid), .instant(seed.id.windowStart), .instant(seed.windowEnd), .text(usage.org)])
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.budgetResets.version)
        #expect(try connection.transaction { try Cells.load($0, [seed])[seed.id] } == CellSum(amount: 77, corrected: 0))
        try connection.ship([usage.row(cost: 5)], epoch: try connection.mintEpoch(), to: 1)
        #expect(try connection.load([seed]) == [82])
        #expect(try connection.transaction { try BudgetResets.credits($0, after: Instant(milliseconds: 0)) }.isEmpty)
    }
}
