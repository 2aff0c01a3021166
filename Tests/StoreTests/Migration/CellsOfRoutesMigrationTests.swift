import Crypto
import Spec
import Testing

@testable import Store

/// From step 29 to 30 with cells that were summed by the model alone.
@Suite struct CellsOfRoutesMigrationTests {
    @Test func `a cell of some models is summed anew, with the route, and others are kept`() throws {
        let usage = UsageFixtures()
        let connection = try Fixtures.connection(before: .cellsOfRoutes)
        let (ofRoute, ofAll) = (usage.seed(SecureRandom.uuid(), models: ["assistant"]), usage.seed(SecureRandom.uuid()))
        let row = usage.row(cost: 5)
        try connection.transaction { transaction in
            for statement in Month(row.at).creation { try transaction.query(statement) }
        }
        try connection.ship([row], epoch: try connection.mintEpoch(), to: 1)
        try connection.transaction { transaction in
            for (seed, amount) in [(ofRoute, 0), (ofAll, 77)] as [(CellSeed, Int64)] {
                try transaction.query(
                    """
                    INSERT INTO charter.cell (uid, meter, "window", window_start, window_end, model, amount, org_uid, models)
                    VALUES ($1, 'usd', 'day', $2, $3, '', $4, $5, $6::text[])
                    """,
                    [
                        .text(seed.id.uid), .instant(seed.id.windowStart), .instant(seed.windowEnd), .integer(amount),
                        .text(seed.subject.orgUID), seed.subject.models.map { .texts($0) } ?? .null,
                    ])
            }
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.cellsOfRoutes.version)
        #expect(try connection.load([ofRoute, ofAll]) == [5, 77])
    }
}
