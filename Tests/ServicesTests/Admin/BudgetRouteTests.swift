import Foundation
import HTTP
import Spec
import Store
import Testing

@testable import Services

/// Budgets with what they have counted and what is reserved, and their resets.
@Suite struct BudgetRouteTests {
    private static let path = "/v1/admin/orgs/acme/budgets"
    private static let reset = path + "/budget/team/reset"
    private let scene: AdminScene
    private let admin = AdminScene.secret("acme", "admin")

    init() throws { scene = try AdminScene() }

    private func uid(_ kind: Kind, _ name: String) throws -> String {
        try #require(try scene.sql("SELECT uid FROM charter.resource WHERE org = 'acme' AND kind = '\(kind.rawValue)' AND name = '\(name)'").first)
    }

    private func listed() throws -> (answer: [String: Any], team: [String: Any]) {
        let answer = try scene.call(.get, Self.path, as: admin)
        #expect(answer.status == 200, "\(answer.text)")
        return (answer.json, try #require((answer.json["budgets"] as? [[String: Any]])?.first { $0["budget"] as? String == "acme/Budget/team" }))
    }

    private func report(_ gateway: String, epoch: Int64, holds amounts: [ReservedAmount]) throws {
        let replica = Replica(
            id: gateway, epoch: epoch, revision: 1, stateDigest: String(repeating: "ab", count: 32), version: "0.1",
            startedAt: Instant(milliseconds: 1_700_000_000_000))
        try Connection(scene.database).transaction { transaction in
            try Replicas.report(transaction, replica)
            try ReservedAmounts.replace(transaction, gateway: gateway, epoch: epoch, with: amounts)
        }
    }

    private func spend(_ cost: Int64, decision: String) throws {
        let (org, key) = (try uid(.organization, "acme"), try uid(.apiKey, "viewer"))
        try Connection(scene.database).transaction { transaction in
            let terms = UsageTerms(
                org: "acme", orgUID: org, key: "viewer", keyUID: key, endpoint: "chat.completions", requestedModel: "m", model: "p/m",
                revision: 1, priceVersion: "v")
            let row = UsageRow(
                at: try transaction.clock(), terms: terms, decision: decision, attempt: 1, status: 200, input: 10, output: 5,
                cost: NanoUSD(cost), estimated: false, latencyMs: 8, detail: "{}")
            let epoch = try Epochs.mint(transaction, gateway: "g")
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 1, rows: [row])
        }
    }

    @Test func `what gateways reserve of the present window adds up, and is unknown where none has reported`() throws {
        var (answer, team) = try listed()
        #expect(answer["reservedAt"] is NSNull && team["reserved"] is NSNull)
        let start = try Instant.parse(#require(team["windowStart"] as? String))
        let counter = CounterID(uid: try uid(.budget, "team"), name: "usd/month", subject: try uid(.organization, "acme"))
        let before = Instant(milliseconds: start.milliseconds - 86_400_000)
        try report("g1", epoch: 1, holds: [
            ReservedAmount(counter: counter, start: start, amount: 70), ReservedAmount(counter: counter, start: before, amount: 1_000),
        ])
        try report("g2", epoch: 2, holds: [ReservedAmount(counter: counter, start: start, amount: 5)])
        (answer, team) = try listed()
        #expect(team["reserved"] as? Int == 75 && team["counted"] as? Int == 0 && team["left"] as? Int == 100_000_000_000, "\(team)")
        #expect(answer["reservedAt"] is String)
        let text = try BudgetTable(Connection(scene.database), org: "acme").text
        #expect(text.contains("RESERVED") && text.contains("as gateways told"), "\(text)")

        _ = try scene.sql("UPDATE charter.reserved SET at = at - interval '31 seconds' WHERE epoch = 1")
        #expect(try listed().team["reserved"] as? Int == 5)
        _ = try scene.sql("UPDATE charter.gateway SET reported_at = reported_at - interval '31 seconds'")
        #expect(try listed().team["reserved"] is NSNull)
        #expect(try BudgetTable(Connection(scene.database), org: "acme").text.contains("No gateway has told in the last 30s"))
    }

    @Test func `a reset that is repeated with its Idempotency-Key is answered as the first time, and forgives once`() throws {
        func reset(_ key: String?, reason: String = "the outage was ours", dryRun: Bool = false, as secret: String? = nil) throws -> AdminAnswer {
            var headers: Headers = [:]
            if let key { headers.add("idempotency-key", key) }
            let body = #"{"reason":"\#(reason)"\#(dryRun ? #","dry_run":true"# : "")}"#
            return try scene.call(.post, Self.reset, as: secret ?? admin, body: body, headers: headers)
        }
        try spend(60, decision: "d1")
        #expect(try reset("k", dryRun: true).json["forgiven"] as? Int == 60)
        let first = try reset("k")
        #expect(first.status == 200 && first.json["forgiven"] as? Int == 60 && first.json["reset"] is Int, "\(first.text)")
        try spend(7, decision: "d2")
        let again = try reset("k")
        #expect(again.status == 200 && again.text == first.text)
        #expect(try scene.sql("SELECT amount FROM charter.budget_reset ORDER BY id") == ["60"])
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'budget.reset'") == ["1"])

        let conflict = try reset("k", reason: "another one")
        #expect(conflict.status == 409 && conflict.json["code"] as? String == "conflict", "\(conflict.text)")
        // Somebody else's key is another key, and so is a fresh one.
        #expect(try reset("k", as: AdminScene.secret("acme", "org-admin")).json["forgiven"] as? Int == 7)
        #expect(try reset("l").json["forgiven"] as? Int == 0)
        try spend(9, decision: "d3")
        #expect(try reset("l").json["forgiven"] as? Int == 0)
        #expect(try reset(nil).json["forgiven"] as? Int == 9)
        #expect(try reset(String(repeating: "k", count: 256)).status == 400)
    }

    @Test func `the same call many times at once forgives once and is answered alike`() async throws {
        try spend(60, decision: "d1")
        let (scene, admin) = (scene, admin)
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try scene.call(.post, Self.reset, as: admin, body: #"{"reason":"r"}"#, headers: ["idempotency-key": "k"]).text
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers.count == 1 && answers.first?.contains(#""forgiven":60"#) == true, "\(answers)")
        #expect(try scene.sql("SELECT sum(amount) || ' ' || count(*) FROM charter.budget_reset") == ["60 1"])
    }
}
