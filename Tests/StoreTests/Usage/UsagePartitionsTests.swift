import Spec
import Testing
import TestKit

@testable import Store

@Suite struct UsagePartitionsTests {
    private let usage = UsageFixtures()

    private func partitions(_ connection: Connection) throws -> [String] {
        try connection.transaction {
            try $0.query(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'charter.usage'::regclass ORDER BY 1"
            ).map { try $0.text(0) }
        }
    }

    @Test func `rows on both sides of a month's end go to their own partitions`() throws {
        let connection = try Fixtures.connection()
        let midnight = CivilDate(year: 2027, month: 1, day: 1).start
        let before = Instant(milliseconds: midnight.milliseconds - 1)
        try connection.transaction { try $0.query("SET LOCAL TimeZone = 'Pacific/Auckland'") }
        #expect(try connection.ship([usage.row(at: before), usage.row(at: midnight)], epoch: try connection.mintEpoch(), to: 1))
        let made = try partitions(connection)
        #expect(made == ["charter.usage_2026_12", "charter.usage_2027_01"])
        let counts = try connection.transaction { transaction in
            try ["charter.usage_2026_12", "charter.usage_2027_01"].map {
                try transaction.query("SELECT count(*) FROM \($0)")[0].integer(0)
            }
        }
        #expect(counts == [1, 1])
    }

    @Test func `this month's and the next two are made ahead, past whoever reads the ledger`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let connection = try Connection(url)
        try connection.ship([usage.row()], epoch: try connection.mintEpoch(), to: 1)
        try Connection(url).transaction(.repeatableRead) { reading in
            try reading.query("SELECT count(*) FROM charter.usage")
            for _ in 0..<2 {
                try connection.transaction(timeout: .seconds(10)) {
                    try UsagePartitions.ensureAhead($0, now: CivilDate(year: 2026, month: 11, day: 30).start)
                }
            }
        }
        #expect(try partitions(connection) == ["charter.usage_2026_11", "charter.usage_2026_12", "charter.usage_2027_01"])
        let indexes = try connection.transaction {
            try $0.query("SELECT count(*) FROM pg_indexes WHERE tablename = 'usage_2027_01'")[0].integer(0)
        }
        #expect(indexes == 3)
    }

    @Test func `many sessions that need the same month at once all ship`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let epochs = try (0..<6).map { _ in try Connection(url).mintEpoch() }
        try inParallel(epochs.count) { worker in
            let connection = try Connection(url)
            for month in 1...6 as ClosedRange<Int64> {
                let at = CivilDate(year: 2028, month: month, day: 29).start
                try connection.ship([usage.row(at: at)], epoch: epochs[worker], from: month - 1, to: month)
            }
        }
        let connection = try Connection(url)
        #expect(try connection.sums(usage.everything).attempts == 36)
        #expect(try partitions(connection).count == 6)
    }

    @Test(arguments: [
        (1970, 1, 1, 0), (2000, 2, 29, 11_016), (2026, 11, 21, 20_778), (2100, 3, 1, 47_541), (1969, 12, 31, -1),
    ] as [(Int64, Int64, Int64, Int64)])
    func `days are counted by the calendar`(year: Int64, month: Int64, day: Int64, number: Int64) {
        let date = CivilDate(year: year, month: month, day: day)
        #expect(date.daysSince1970 == number)
        #expect(CivilDate(date.start) == date)
        #expect(CivilDate(Instant(milliseconds: date.start.milliseconds + CivilDate.millisecondsPerDay - 1)) == date)
    }
}
