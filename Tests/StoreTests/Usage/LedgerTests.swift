import Crypto
import Spec
import Store
import Testing
import TestKit

@Suite struct LedgerTests {
    private let usage = UsageFixtures()

    @Test func `shipping the same bytes twice adds them once`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let rows = [usage.row(), usage.row(key: 1, attempt: 2, status: 502)]
        #expect(try connection.ship(rows, epoch: epoch, to: 100))
        #expect(try !connection.ship(rows, epoch: epoch, to: 100))
        #expect(try !connection.ship([usage.row()], epoch: epoch, to: 60))
        #expect(try connection.sums(usage.everything).attempts == 2)
        #expect(try connection.ship([usage.row()], epoch: epoch, from: 100, to: 150))
        #expect(try connection.ship([usage.row()], epoch: epoch, segment: 2, to: 50))
        let sums = try connection.sums(usage.everything)
        #expect(sums.attempts == 4)
        #expect(sums.requests == 3)
        #expect(sums.cost == NanoUSD(20))
        let shipped = try connection.transaction { try Ledger.shipped($0, epoch: epoch).map { "\($0.segment):\($0.offset)" } }
        #expect(shipped == ["1:150", "2:50"])
    }

    @Test func `a shipment that leaves a gap or repeats a part is refused`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        try connection.ship([usage.row()], epoch: epoch, to: 100)
        #expect(throws: ShippingGap(epoch: epoch, segment: 1, shipped: 100, from: 120)) {
            try connection.ship([usage.row()], epoch: epoch, from: 120, to: 150)
        }
        #expect(throws: ShippingGap(epoch: epoch, segment: 1, shipped: 100, from: 50)) {
            try connection.ship([usage.row()], epoch: epoch, from: 50, to: 150)
        }
        #expect(try connection.sums(usage.everything).attempts == 1)
    }

    @Test func `a shipper that dies before the commit leaves nothing, and the next one ships all`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let epoch = try Connection(url).mintEpoch()
        let dying = try Connection(url)
        #expect(throws: DatabaseError.self) {
            try dying.transaction { transaction in
                _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 100, rows: [usage.row()])
                try transaction.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        let next = try Connection(url)
        #expect(try next.sums(usage.everything).attempts == 0)
        #expect(try next.ship([usage.row()], epoch: epoch, to: 100))
        // The answer to a commit may be lost as well: whoever ships again finds it done.
        #expect(try !next.ship([usage.row()], epoch: epoch, to: 100))
        #expect(try next.sums(usage.everything).attempts == 1)
    }

    @Test func `of two shippers of the same bytes at once exactly one adds them`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let epoch = try Connection(url).mintEpoch()
        let done = try inParallel(4) { _ in
            let connection = try Connection(url)
            return try (0..<10 as Range<Int64>).map { index in
                try eventually(within: .seconds(30), "the bytes before are shipped") {
                    try connection.transaction { try Ledger.shipped($0, epoch: epoch).first?.offset ?? 0 } >= index * 10
                }
                return try connection.ship([usage.row()], epoch: epoch, from: index * 10, to: index * 10 + 10)
            }
        }
        #expect(done.flatMap { $0 }.filter { $0 }.count == 10)
        #expect(try Connection(url).sums(usage.everything).attempts == 10)
    }

    @Test func `outcomes count requests by how their last attempt ended`() throws {
        let connection = try Fixtures.connection()
        let before = Instant(milliseconds: UsageFixtures.now.milliseconds - 1)
        func row(_ status: Int, requests: Int64, at: Instant = UsageFixtures.now) -> UsageRow {
            var row = usage.row(at: at, status: status)
            row.requests = requests
            return row
        }
        let rows = [row(502, requests: 0), row(200, requests: 1), row(429, requests: 1), row(200, requests: 1, at: before)]
        try connection.ship(rows, epoch: try connection.mintEpoch(), to: 10)
        func outcomes(_ subject: UsageSubject) throws -> UsageOutcomes {
            try connection.transaction { try Ledger.outcomes($0, subject, from: UsageFixtures.now, to: UsageFixtures.allTime.1) }
        }
        let own = UsageSubject(orgUID: usage.org, projectUID: usage.project)
        #expect(try outcomes(own) == UsageOutcomes(requests: 2, failed: 1, meanLatency: .milliseconds(120)))
        let other = UsageSubject(orgUID: usage.org, projectUID: usage.keys[0])
        #expect(try outcomes(other) == UsageOutcomes(requests: 0, failed: 0, meanLatency: nil))
    }

    @Test func `a row comes back as it was shipped, to its tenant only, with corrections behind what they correct`() throws {
        let connection = try Fixtures.connection()
        let name = usage.decision()
        let first = usage.row(status: 502, decision: name.text, tags: #"{"a": "b"}"#, flags: [.repeated])
        let correction = usage.row(status: 502, decision: name.text, flags: [.repriced])
        let second = usage.row(attempt: 2, decision: name.text)
        try connection.ship([second, correction, first, usage.row()], epoch: try connection.mintEpoch(), to: 10)
        func attempts(_ orgs: [String]?) throws -> [UsageRow] {
            var filter = UsageFilter()
            filter.orgs = orgs
            return try connection.transaction { try Ledger.attempts($0, of: name, filter) }
        }
        #expect(try attempts([usage.org]) == [first, correction, second])
        #expect(try attempts(nil) == [first, correction, second])
        #expect(try attempts([usage.project]) == [] && attempts([]) == [])
        #expect(try connection.transaction { try Ledger.recent($0, .everything, limit: 2) }.count == 2)
    }

    @Test func `a decision is looked for in the months around its time alone, by an index`() throws {
        let connection = try Fixtures.connection()
        let month = 31 * UsageFixtures.dayMilliseconds
        let old = usage.decision(at: Instant(milliseconds: UsageFixtures.now.milliseconds - month))
        let rows = [usage.row(at: old.at, decision: old.text), usage.row(decision: old.text), usage.row()]
        try connection.ship(rows, epoch: try connection.mintEpoch(), to: 10)
        #expect(try connection.transaction { try Ledger.attempts($0, of: old, UsageFilter()) } == [rows[0]])
        let indexes = try connection.transaction {
            try $0.query(
                """
                SELECT count(*) FROM pg_indexes WHERE schemaname = 'charter' AND tablename LIKE 'usage\\_2%' AND indexdef LIKE '%(decision)'
                """)[0].integer(0)
        }
        let partitions = try connection.transaction {
            try $0.query("SELECT count(*) FROM pg_inherits WHERE inhparent = 'charter.usage'::regclass")[0].integer(0)
        }
        #expect(indexes == partitions && partitions > 1)
    }

    @Test(arguments: ["", "d1", "019aa0e3-7c40-7abc-8def-0123456789ab", "019aa0e37c407abc8def0123456789ag", String(repeating: "f", count: 32), "٣" + String(repeating: "0", count: 30)])
    func `what is no decision's name is none`(text: String) {
        #expect(DecisionName(text) == nil)
    }

    @Test func `a decision's name tells its time, in whichever case it is written`() throws {
        let name = usage.decision()
        #expect(name.at == UsageFixtures.now && DecisionName(name.text.uppercased()) == name)
    }

    @Test func `no text that a client sends stops the ledger`() throws {
        let connection = try Fixtures.connection()
        let row = usage.row(requestedModel: "a\0b\\N\t\n")
        #expect(try connection.ship([row], epoch: try connection.mintEpoch(), to: 10))
        let back = try connection.transaction { try Ledger.recent($0, .everything, limit: 1) }
        #expect(back.first?.terms.requestedModel == "a\u{FFFD}b\\N\t\n")
    }

    @Test func `the rollup is the sum of the rows, by hour`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let later = Instant(milliseconds: UsageFixtures.now.milliseconds + 3_600_000)
        try connection.ship([usage.row(), usage.row(), usage.row(at: later, status: 500)], epoch: epoch, to: 10)
        try connection.ship([usage.row(at: later)], epoch: epoch, from: 10, to: 20)
        let rows = try connection.transaction {
            try $0.query("SELECT attempts, requests, tokens, cost, errors FROM charter.usage_hour ORDER BY hour")
                .map { row in try (0..<5).map { try row.integer($0) } }
        }
        #expect(rows == [[2, 2, 60, 10, 0], [2, 2, 60, 10, 1]])
    }

    @Test func `a day of the rollup is the sum of its hours, apart for every route, endpoint and set of tags`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let later = Instant(milliseconds: UsageFixtures.now.milliseconds + 3_600_000)
        let tags = #"{"team":"search"}"#
        try connection.ship(
            [usage.row(), usage.row(tags: tags), usage.row(route: nil), usage.row(at: later, flags: [.missing, .cut])], epoch: epoch, to: 10)
        try connection.ship([usage.row(at: later, tags: tags)], epoch: epoch, from: 10, to: 20)
        let rows = try connection.transaction {
            try $0.query("SELECT route, tags::text, attempts, cost, flagged FROM charter.usage_day ORDER BY route, tags_id")
                .map { row in try [row.text(0), row.text(1)] + (2..<5).map { String(try row.integer($0)) } }
        }
        #expect(rows == [
            ["", "{}", "1", "5", "0"], ["assistant", "{}", "2", "10", "1"], ["assistant", #"{"team": "search"}"#, "2", "10", "0"],
        ])
    }

    @Test func `epochs are never used again`() throws {
        let connection = try Fixtures.connection()
        let first = try connection.mintEpoch()
        try connection.transaction { try $0.query("DELETE FROM charter.epoch") }
        #expect(try connection.mintEpoch() > first)
    }

    @Test func `shipping outside READ COMMITTED is refused`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        #expect(throws: DatabaseError.self) {
            try connection.transaction(.repeatableRead) {
                try Ledger.ship($0, epoch: epoch, segment: 1, from: 0, to: 1, rows: [usage.row()])
            }
        }
    }
}
