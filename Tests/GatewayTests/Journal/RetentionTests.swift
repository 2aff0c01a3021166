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
    private func book(_ platform: Platform, daysAgo: [Int64]) throws {
        let connection = try Connection(platform.database)
        try connection.transaction { transaction in
            let org = try transaction.query("SELECT uid FROM charter.resource WHERE kind = 'Organization' AND name = 'acme'")[0].text(0)
            let terms = UsageTerms(
                org: "acme", orgUID: org, key: "main", keyUID: org, endpoint: "chat.completions", requestedModel: "m", model: "openai/m",
                revision: 1, priceVersion: "v")
            let rows = daysAgo.map { days in
                UsageRow(
                    at: Instant(milliseconds: Self.now - days * CivilDate.millisecondsPerDay), terms: terms, decision: "d\(days)",
                    attempt: 1, status: 200, input: 1, output: 1, cost: NanoUSD(7), estimated: false, latencyMs: 1, detail: #"{"v":1}"#)
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

    @Test func `without a word everything stays`() throws {
        let platform = try Platform(gateway: false)
        try book(platform, daysAgo: [400, 0])
        try platform.startGateway()
        #expect(try TestClient(port: platform.port).chat().status == 200)
        _ = try platform.ledger(rows: 3)
        #expect(try left(platform).count == 3)
    }
}
