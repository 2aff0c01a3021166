import Foundation
import Gateway
import Spec
import Store
import TestKit
import Testing

/// What a gateway removes from the ledger of its own accord.
@Suite struct RetentionTests {
    private func organization(_ spec: String) -> String {
        StandardConfiguration.org.replacing("{ displayName: Acme }", with: "{ displayName: Acme, \(spec) }")
    }

    private static let plan = """
        apiVersion: charter/v1
        kind: Plan
        metadata: { name: basic }
        spec: { retention: { usage: 20d, decisions: 5d } }

        """

    private static let now = Int64(Date().timeIntervalSince1970 * 1000)

    /// Rows of so many days ago, of this organization.
    private func book(_ platform: Platform, daysAgo: [Int64], cost: Int64 = 7) throws {
        let connection = try Connection(platform.database)
        try connection.transaction { transaction in
            let org = try transaction.query("SELECT uid FROM charter.resource WHERE kind = 'Organization' AND name = 'acme'")[0].text(0)
            let key = try transaction.query("SELECT uid FROM charter.resource WHERE kind = 'APIKey' AND name = 'main'")[0].text(0)
            let terms = UsageTerms(
                org: "acme", orgUID: org, key: "main", keyUID: key, endpoint: "chat.completions", requestedModel: "m", model: "openai/m",
                revision: 1, priceVersion: "v")
            let rows = daysAgo.map { days in
                UsageRow(
                    at: Instant(milliseconds: Self.now - days * CivilDate.millisecondsPerDay), terms: terms, decision: "d\(days)",
                    attempt: 1, status: 200, input: 1, output: 1, cost: NanoUSD(cost), estimated: false, latencyMs: 1, detail: #"{"v":1}"#)
            }
            let epoch = try Epochs.mint(transaction, gateway: "earlier")
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 1, rows: rows)
        }
    }

    private func left(_ platform: Platform) throws -> [String] {
        try Connection(platform.database).transaction { transaction in
            var found: [String] = []
            for row in try transaction.query("SELECT decision || ' ' || detail FROM charter.usage ORDER BY at") { found.append(try row.text(0)) }
            return found
        }
    }

    @Test(arguments: [
        ("retention: { usage: 30d, decisions: 5s }", [#"d25 {}"#, #"d8 {}"#, #"d0 {"v":1}"#]),
        ("plan: basic", [#"d8 {}"#, #"d0 {"v":1}"#]),
        ("plan: basic, retention: { usage: 400d }", [#"d45 {}"#, #"d25 {}"#, #"d8 {}"#, #"d0 {"v":1}"#]),
    ])
    func `what an organization or its plan keeps no longer goes, and the sums stay`(spec: String, kept: [String]) throws {
        let platform = try Platform(["orgs/acme/org.yaml": organization(spec), "plans.yaml": Self.plan], gateway: false)
        try book(platform, daysAgo: [45, 25, 8, 0])
        try platform.startGateway()
        try eventually(within: .seconds(20), "\(kept) are left") { try left(platform) == kept }
        let sums = try Connection(platform.database).transaction { try $0.query("SELECT sum(attempts), sum(cost) FROM charter.usage_hour")[0] }
        #expect(try sums.integer(0) == 4 && sums.integer(1) == 28)
    }

    @Test func `a budget that rolls over days knows what was spent after its rows are gone`() throws {
        let platform = try Platform([
            "orgs/acme/org.yaml": organization("retention: { usage: 1d }"),
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: { hard: 0.03 USD/7d rolling }\n"),
        ], gateway: false)
        try book(platform, daysAgo: [3], cost: 30_000_000)
        try platform.startGateway()
        try eventually(within: .seconds(20), "the row is gone") { try left(platform).isEmpty }
        platform.stopGateway()
        try platform.startGateway()
        let refused = try TestClient(port: platform.port).chat()
        #expect(refused.status == 429)
        #expect(refused.json("error", "charter", "code") == "budget_exceeded")
    }

    @Test func `without a word everything stays`() throws {
        let platform = try Platform(gateway: false)
        try book(platform, daysAgo: [400, 0])
        try platform.startGateway()
        #expect(try TestClient(port: platform.port).chat().status == 200)
        _ = try platform.ledger(rows: 3)
        #expect(try left(platform).count == 3)
    }
}
