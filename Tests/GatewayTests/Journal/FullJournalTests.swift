import Gateway
import Store
import TestKit
import Testing

/// The journal while PostgreSQL takes nothing.
@Suite struct FullJournalTests {
    private static let keys = StandardConfiguration.keys(spec: "  budget: { hard: 100 USD/month }\n")

    @Test func `a full journal closes hard budgets and then everything, until PostgreSQL has taken it`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: Self.keys], configure: { options in
            options.journal.segmentBytesMax = 4_096
            options.journal.bytesMax = 1
        })
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        _ = try platform.ledger(rows: 1)
        // What a shipment must share is held by somebody else.
        try Connection(platform.database).transaction(timeout: .seconds(60)) { transaction in
            try transaction.query("SELECT FROM charter.ledger_lock FOR UPDATE")
            var answer = try client.chat()
            for _ in 0..<300 where answer.status == 200 { answer = try client.chat() }
            #expect(answer.status == 503)
            #expect(answer.json("error", "code") == "journal_unavailable")
            #expect(try client.get("/metrics").text.contains("charter_journal_full 1\n"))
            // Nothing bounds this key's spending, so its usage is still worth more recorded later than refused.
            answer = try client.chat(key: StandardConfiguration.freeSecret)
            #expect(answer.status == 200)
            for _ in 0..<300 where answer.status == 200 { answer = try client.chat(key: StandardConfiguration.freeSecret) }
            #expect(answer.status == 503)
        }
        try eventually(within: .seconds(20), "the journal has room again") { try client.chat().status == 200 }
        #expect(try client.get("/metrics").text.contains("charter_journal_full 0\n"))
    }
}
