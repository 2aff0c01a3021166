import Gateway
import Simulator
import Store
import TestKit
import Testing

@Suite struct BudgetThresholdTests {
    private static func platform(_ budget: String, _ more: [String: String] = [:]) throws -> Platform {
        try Platform(more.merging([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: \(budget)\n")]) { $1 })
    }

    private func events(_ platform: Platform) throws -> [String] {
        try Connection(platform.database).transaction { transaction in
            let rows = try transaction.query(
                "SELECT data::jsonb->>'share' || ' ' || (data::jsonb->>'action') FROM charter.event WHERE type = 'budget.threshold' ORDER BY id")
            var shares: [String] = []
            for row in rows { shares.append(try row.text(0)) }
            return shares
        }
    }

    @Test func `a share that is spent is told once, also after a restart`() throws {
        let platform = try Self.platform("{ hard: 10 requests/month, at: { 20%: notify, 40%: downgrade groq/llama, 90%: notify } }")
        var client = TestClient(port: platform.port)
        for _ in 0..<2 { #expect(try client.chat().status == 200) }
        try eventually(within: .seconds(20), "the first share is told") { try events(platform) == ["20% notify"] }
        platform.stopGateway()
        #expect(try platform.ledger(rows: 2).count == 2)
        try platform.startGateway()
        client = TestClient(port: platform.port)
        for _ in 0..<2 { #expect(try client.chat().status == 200) }
        try eventually(within: .seconds(20), "the second share is told") { try events(platform).count > 1 }
        #expect(try events(platform) == ["20% notify", "40% downgrade groq/llama"])
    }

    @Test func `late requests go to the model that the budget names, and the answer says so`() throws {
        let platform = try Self.platform("{ hard: 10 requests/month, at: { 20%: downgrade groq/llama } }")
        let client = TestClient(port: platform.port)
        for _ in 0..<2 {
            let answer = try client.chat("gpt-4o")
            #expect(answer.headers["x-charter-model"] == "openai/gpt-4o")
            #expect(answer.headers["x-charter-downgraded-from"] == nil)
        }
        for isStream in [false, true] {
            let answer = try client.chat("gpt-4o", stream: isStream)
            #expect(answer.status == 200)
            #expect(answer.headers["x-charter-model"] == "groq/llama")
            #expect(answer.headers["x-charter-downgraded-from"] == "openai/gpt-4o")
        }
        #expect(try client.chat("groq/llama").headers["x-charter-downgraded-from"] == nil)
        #expect(try platform.ledger(rows: 5).map(\.model).filter { $0 == "groq/llama" }.count == 3)
    }

    @Test func `what was sent elsewhere is not booked under the route that was asked for`() throws {
        let platform = try Self.platform("{ hard: 10 requests/month, at: { 20%: downgrade groq/llama } }", ["routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]")])
        // So the route's second target serves, as it does in place of the route.
        platform.openai.stop()
        let client = TestClient(port: platform.port)
        for _ in 0..<3 { #expect(try client.chat("assistant").headers["x-charter-model"] == "groq/llama") }
        _ = try platform.ledger(rows: 3)
        let routes = try Connection(platform.database).transaction { transaction in
            try transaction.query(
                "SELECT coalesce(route, '') FROM charter.usage WHERE status = 200 ORDER BY at, decision"
            ).map { try $0.text(0) }
        }
        #expect(routes == ["assistant", "assistant", ""])
    }

    @Test func `an exceeded soft budget warns in a header`() throws {
        let platform = try Self.platform("{ soft: 1 requests/month }")
        let client = TestClient(port: platform.port)
        for _ in 0..<2 { #expect(try client.chat().headers["x-charter-budget-warning"] == nil) }
        let warning = try client.chat().headers["x-charter-budget-warning"] ?? ""
        #expect(warning.hasSuffix("soft=1 requests/month; used=2 requests/month"), "\(warning)")
    }
}
