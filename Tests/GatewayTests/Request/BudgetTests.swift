import Gateway
import TestKit
import Testing

@Suite struct BudgetTests {
    @Test func `a hundred requests at once never spend more than the hard budget`() throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: 0.1 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key], loops: 2)
        let client = TestClient(port: platform.port)
        let asked = (0..<100).map { _ in Background { try client.chat(headers: ["x-simulate-tokens": "1000"]) } }
        let answers = try asked.map { try $0.value() }
        // Whom a busy machine lets wait for too long is turned away, and spends nothing.
        let statuses = answers.filter { $0.json("error", "code") != "overloaded" }.map(\.status)
        let served = statuses.count { $0 == 200 }
        #expect(served > 0)
        #expect(served < 100)
        #expect(Set(statuses) == [200, 429])
        let rows = try platform.ledger(rows: served)
        #expect(rows.reduce(0) { $0 + $1.cost } <= 100_000_000)
    }

    @Test func `a restarted gateway knows what was spent`() throws {
        let key = StandardConfiguration.key(spec: "  budget: { hard: 0.03 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: key])
        var client = TestClient(port: platform.port)
        for _ in 0..<2 { #expect(try client.chat(headers: ["x-simulate-tokens": "1000"]).status == 200) }
        platform.stopGateway()
        #expect(try platform.ledger(rows: 2).count == 2)
        try platform.startGateway()
        client = TestClient(port: platform.port)
        #expect(try client.chat(headers: ["x-simulate-tokens": "1000"]).status == 429)
    }
}
