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
}
