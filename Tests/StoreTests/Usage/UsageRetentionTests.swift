import Spec
import Store
import TestKit
import Testing

@Suite struct UsageRetentionTests {
    private let usage = UsageFixtures()
    private let other = UsageFixtures()
    private static let hour: Int64 = 3_600_000

    /// Rows of one organization at several hours of the day, and one of another.
    private func filled() throws -> Connection {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        var rows = (0..<7).map { number in usage.row(at: time(hour: number / 3, more: Int64(number)), decision: "d\(number)") }
        rows.append(other.row(at: time(hour: 0, more: 9), decision: "other"))
        try connection.ship(rows, epoch: epoch, to: 1)
        return connection
    }

    private func time(hour: Int, more: Int64 = 0) -> Instant {
        Instant(milliseconds: UsageFixtures.dayStart.milliseconds + Int64(hour) * Self.hour + more)
    }

    private func decisions(_ connection: Connection, _ condition: String = "true") throws -> [String] {
        try connection.transaction { transaction in
            var found: [String] = []
            for row in try transaction.query("SELECT decision FROM charter.usage WHERE \(condition) ORDER BY 1") { found.append(try row.text(0)) }
            return found
        }
    }

    private func steps(_ connection: Connection, _ part: UsageRetention.Part, before end: Instant, rowsMax: Int = 2) throws -> [Int] {
        var counts: [Int] = []
        while counts.count < 100 {
            let step = try connection.transaction {
                try UsageRetention.step($0, orgUID: usage.org, part, before: end, rowsMax: rowsMax)
            }
            if step.isLast { break }
            counts.append(step.rows)
        }
        return counts
    }

    @Test func `rows before the hour go in small steps, other organizations' and all sums stay`() throws {
        let connection = try filled()
        let before = try connection.load([usage.seed("00000000-0000-0000-0000-00000000000a")])
        #expect(try steps(connection, .usage, before: time(hour: 2)) == [2, 1, 2, 1])
        #expect(try decisions(connection) == ["d6", "other"])
        #expect(try connection.load([usage.seed("00000000-0000-0000-0000-00000000000b")]) == before)
        // Nothing is looked at twice, and later hours when their time has come.
        #expect(try steps(connection, .usage, before: time(hour: 2)) == [])
        #expect(try steps(connection, .usage, before: time(hour: 3)) == [1])
        #expect(try decisions(connection) == ["other"])
    }

    @Test func `records of decisions go and their rows stay`() throws {
        let connection = try filled()
        #expect(try steps(connection, .decisions, before: time(hour: 1), rowsMax: 10) == [3])
        #expect(try decisions(connection, "detail = '{}'") == ["d0", "d1", "d2"])
        #expect(try decisions(connection).count == 8)
    }

    @Test func `one gateway at a time removes`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let (first, second) = (try Connection(url), try Connection(url))
        try first.ship([usage.row(at: time(hour: 0))], epoch: first.mintEpoch(), to: 1)
        let done = try first.transaction { transaction in
            try UsageRetention.step(transaction, orgUID: usage.org, .usage, before: time(hour: 1), rowsMax: 5)
        }
        #expect(done.rows == 1 && !done.isLast)
        try first.transaction { transaction in
            _ = try UsageRetention.step(transaction, orgUID: usage.org, .usage, before: time(hour: 4), rowsMax: 5)
            let refused = try second.transaction {
                try UsageRetention.step($0, orgUID: usage.org, .usage, before: time(hour: 4), rowsMax: 5)
            }
            #expect(refused.rows == 0 && refused.isLast)
        }
    }

    private func correct(_ connection: Connection, _ row: UsageRow, cost: Int64, epoch: Int64) throws -> [AttemptName: NanoUSD] {
        try connection.transaction { transaction in
            let correction = CostCorrection(row: row, cost: NanoUSD(cost), priceVersion: "p2")
            return try Ledger.correct(transaction, [correction], epoch: epoch, detail: "{}")
        }
    }

    @Test func `an attempt goes before its corrections, and is not corrected when it is gone`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let row = usage.row(at: time(hour: 0), cost: 5)
        try connection.ship([row], epoch: epoch, to: 1)
        #expect(try correct(connection, row, cost: 9, epoch: epoch) == [AttemptName(row): NanoUSD(5)])
        // Puts the attempt behind its correction.
        #expect(try steps(connection, .decisions, before: time(hour: 1)) == [1])
        let step = try connection.transaction {
            try UsageRetention.step($0, orgUID: usage.org, .usage, before: time(hour: 1), rowsMax: 1)
        }
        #expect(step.rows == 1 && !step.isLast)
        #expect(try decisions(connection, "flags = 256").count == 1)
        #expect(try decisions(connection, "flags = 0") == [])
        // Neither the whole cost nor a difference to what is left of it is booked.
        for _ in 0..<2 {
            #expect(try correct(connection, row, cost: 11, epoch: epoch).isEmpty)
            let sums = try connection.transaction { try $0.query("SELECT sum(cost) FROM charter.usage_hour")[0].integer(0) }
            #expect(sums == 9)
            _ = try steps(connection, .usage, before: time(hour: 1))
        }
        #expect(try decisions(connection) == [])
    }

    @Test func `nothing is removed while corrections are booked`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let (first, second) = (try Connection(url), try Connection(url))
        let row = usage.row(at: time(hour: 0))
        try first.ship([row], epoch: first.mintEpoch(), to: 1)
        try first.transaction { transaction in
            _ = try Ledger.correct(transaction, [], epoch: 1, detail: "{}")
            let refused = #expect(throws: DatabaseError.self) {
                try second.transaction { transaction in
                    try transaction.query("SET LOCAL lock_timeout = 50")
                    return try UsageRetention.step(transaction, orgUID: usage.org, .usage, before: time(hour: 1), rowsMax: 5)
                }
            }
            #expect(refused?.sqlState == SQLState(rawValue: "55P03"))
        }
        #expect(try decisions(first) == ["d1"])
    }
}
