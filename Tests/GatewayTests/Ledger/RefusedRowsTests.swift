import Store
import TestKit
import Testing

@testable import Gateway

@Suite struct RefusedRowsTests {
    /// PostgreSQL refuses what no constraint of Charter's foresees, so a test makes one.
    private func refuse(_ condition: String, in database: String) throws {
        try Connection(database).transaction { transaction in
            _ = try transaction.query("ALTER TABLE charter.usage ADD CONSTRAINT refused CHECK (NOT (\(condition)))")
        }
    }

    @Test func `a row that PostgreSQL refuses is kept apart and holds up no other`() throws {
        let platform = try Platform()
        try refuse("output = 7", in: platform.database)
        let client = TestClient(port: platform.port)
        for tokens in [5, 7, 5, 7, 5] { #expect(try client.chat(headers: ["x-simulate-tokens": "\(tokens)"]).status == 200) }
        let rows = try platform.ledger(rows: 3)
        #expect(rows.map(\.output) == [5, 5, 5])
        let path = "state/journal/refused.jsonl"
        try eventually(within: .seconds(10), "two rows are kept apart") { platform.folder.read(path).split(separator: "\n").count == 2 }
        for line in platform.folder.read(path).split(separator: "\n") {
            #expect(line.contains(#""output":7"#) && line.contains(#""org":"acme""#) && line.contains("23514"))
        }
        #expect(platform.folder.read("gateway.log").contains("PostgreSQL refuses a row of the ledger"))
        try eventually(within: .seconds(10), "it is counted") {
            try client.get("/metrics").text.contains("charter_ledger_refused_total 2")
        }
        // What comes after is booked as ever.
        #expect(try client.chat(headers: ["x-simulate-tokens": "6"]).status == 200)
        #expect(try platform.ledger(rows: 4).map(\.output).sorted() == [5, 5, 5, 6])
    }

    @Test func `rows that PostgreSQL refuses by the hundred are kept apart and hold up no other`() throws {
        let database = try Platform(gateway: false).database
        try refuse("cost = 7", in: database)
        let connection = try Connection(database)
        let bench = try JournalBench(epoch: try connection.transaction { try Epochs.mint($0, gateway: "one") })
        var sound = JournalBench.settled(151)
        sound.cost = 8
        bench.writer.append(JournalBench.opened(151))
        bench.writer.append(sound)
        bench.book(1...150)
        let shipper = try bench.shipper(database)
        shipper.start()
        try eventually(within: .seconds(120), "the others are shipped") { try LedgerRow.all(connection).map(\.cost) == [8] }
        try eventually(within: .seconds(20), "they are counted") { shipper.state.refused == 150 }
        shipper.drain(within: .seconds(20))
        let lines = bench.folder.read("journal/refused.jsonl").split(separator: "\n")
        #expect(lines.count == 150 && lines.allSatisfy { $0.contains(#""costNanoUSD":7"#) })
    }

    @Test func `PostgreSQL that refuses everything is waited for`() throws {
        let database = try Platform(gateway: false).database
        try refuse("true", in: database)
        let connection = try Connection(database)
        let bench = try JournalBench(epoch: try connection.transaction { try Epochs.mint($0, gateway: "one") })
        bench.book(1...3)
        let shipper = try bench.shipper(database)
        shipper.start()
        try eventually(within: .seconds(20), "shipping has failed twice") { shipper.state.failures > 1 }
        #expect(try LedgerRow.all(connection).isEmpty)
        #expect(bench.folder.read("journal/refused.jsonl").isEmpty)
        _ = try connection.transaction { try $0.query("ALTER TABLE charter.usage DROP CONSTRAINT refused") }
        try eventually(within: .seconds(30), "all rows") { try LedgerRow.all(connection).count == 3 }
        shipper.drain(within: .seconds(20))
        #expect(shipper.state.refused == 0)
    }
}
