import Crypto
import Foundation
import Services
import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// `charter budget` as a person calls it.
@Suite struct BudgetCommandTests {
    private let scene: Scene
    private let orgUID: String
    private let key: String

    private static let key = """
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: chat }
        spec: { endpoints: [chat.completions] }
        ---
        apiVersion: charter/v1
        kind: APIKey
        metadata: { name: main }
        spec:
          owner: bo
          scopes: [chat]
          budget: { hard: 5 requests/30d rolling }
          secrets: [{ sha256: \(SHA256.digest("x").hex) }]
        ---
        apiVersion: charter/v1
        kind: Budget
        metadata: { name: search }
        spec: { for: { tag: team=search }, soft: 1 USD/day }

        """

    init() throws {
        var files = Declared.platform
        files["orgs/acme/keys.yaml"] = Self.key
        scene = try Scene(files)
        let applied = try scene.apply()
        #expect(!applied.isRejected, "\(applied.text)")
        orgUID = try scene.sql("SELECT uid FROM charter.resource WHERE kind = 'Organization'")[0]
        key = try scene.sql("SELECT uid FROM charter.resource WHERE kind = 'APIKey'")[0]
    }

    private func spend(_ costs: Int64..., tags: String = UsageTerms.noTags) throws {
        let terms = UsageTerms(
            org: "acme", orgUID: orgUID, key: "main", keyUID: key, endpoint: "chat.completions", requestedModel: "m", model: "openai/a",
            revision: 1, priceVersion: "v", tags: tags)
        let rows = costs.enumerated().map { index, cost in
            UsageRow(
                at: .now, terms: terms, decision: "d\(index)", attempt: 1, status: 200, input: 10, output: 5, cost: NanoUSD(cost),
                estimated: false, latencyMs: 8, detail: "{}")
        }
        try Connection(scene.database).transaction { transaction in
            let epoch = try Epochs.mint(transaction, gateway: "g")
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 1, rows: rows)
        }
    }

    private func json(_ words: String...) throws -> [String: Any] {
        let outcome = try scene.charter(["budget", "--json"] + words)
        #expect(outcome.code == 0, "\(outcome)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    /// Ledger, forgiven, counted and left of a budget.
    private func figures(_ name: String) throws -> [Int] {
        let budgets = try #require(try json("list", "acme")["budgets"] as? [[String: Any]])
        let budget = try #require(budgets.first { $0["budget"] as? String == name })
        return ["ledger", "forgiven", "counted", "left"].map { budget[$0] as? Int ?? -1 }
    }

    @Test func `who acts as a member may do what that member may, and the audit says the account as well`() throws {
        try spend(60_000_000_000, 30_000_000_000)
        for name in ["acme/bo", "acme/nobody", "globex/bo"] {
            let refused = try scene.charter("budget", "reset", "acme/team", "--reason", "x", "--as", name)
            #expect(refused.code == 1 && refused.errors.contains(name), "\(refused)")
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.budget_reset") == ["0"])
        #expect(try scene.charter("budget", "reset", "acme/team", "--reason", "x", "--as", "acme/ada").code == 0)
        let acts = try scene.sql("SELECT actor || ' ' || (detail::jsonb->>'operator') FROM charter.audit WHERE action = 'budget.reset'")
        #expect(acts == ["acme/ada \(Operator.name)"])
    }

    @Test func `a reset forgives what the ledger has, which stays as it is, and is told and kept in the audit`() throws {
        try spend(60_000_000_000, 30_000_000_000)
        #expect(try figures("acme/Budget/team") == [90_000_000_000, 0, 90_000_000_000, 10_000_000_000])
        let trial = try json("reset", "acme/team", "--dry-run")
        #expect(trial["forgiven"] as? Int == 90_000_000_000 && trial["reset"] is NSNull)
        #expect(try scene.sql("SELECT count(*) FROM charter.budget_reset") == ["0"])

        let usage = try scene.charter("usage", "--by", "key").output
        let outcome = try scene.charter("budget", "reset", "acme/team", "--reason", "the outage was ours", "--as", "ada")
        #expect(outcome.code == 0 && outcome.output.contains("acme/Budget/team (100 USD/month) is set back: 90 USD"), "\(outcome)")
        #expect(try figures("acme/Budget/team") == [90_000_000_000, 90_000_000_000, 0, 100_000_000_000])
        #expect(try scene.charter("usage", "--by", "key").output == usage)
        let acts = try scene.sql("SELECT org || ' ' || actor || ' ' || subject || ' ' || (detail::jsonb->>'forgiven') FROM charter.audit WHERE action = 'budget.reset'")
        #expect(acts == ["acme ada acme/Budget/team 90000000000"])
        let events = try scene.sql("SELECT org || ' ' || (data::jsonb->>'reason') FROM charter.event WHERE type = 'budget.reset'")
        #expect(events == ["acme the outage was ours"])
        #expect(try scene.sql("SELECT id FROM charter.runtime_sequence") == ["1"])
        let list = try scene.charter("budget", "list").output
        #expect(list.contains("acme/Budget/team  90 USD  by ada: the outage was ours"), "\(list)")
    }

    @Test func `a second reset forgives only what came since, and one of nothing changes nothing`() throws {
        let nothing = try scene.charter("budget", "reset", "acme/team", "--reason", "early")
        #expect(nothing.code == 0 && nothing.output.contains("has counted nothing"), "\(nothing)")
        try spend(60_000_000_000)
        #expect(try json("reset", "acme/team", "--reason", "first")["forgiven"] as? Int == 60_000_000_000)
        #expect(try json("reset", "acme/team", "--reason", "twice")["forgiven"] as? Int == 0)
        try spend(7_000_000_000)
        #expect(try json("reset", "acme/team", "--reason", "second")["forgiven"] as? Int == 7_000_000_000)
        #expect(try figures("acme/Budget/team") == [67_000_000_000, 67_000_000_000, 0, 100_000_000_000])
        #expect(try scene.sql("SELECT amount FROM charter.budget_reset ORDER BY id") == ["60000000000", "7000000000"])
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'budget.reset'") == ["2"])
    }

    @Test func `a key's own budget that rolls, and one of a tag, are set back by what they alone counted`() throws {
        try spend(10, 20)
        try spend(5, tags: #"{"team":"search"}"#)
        #expect(try figures("acme/APIKey/main") == [3, 0, 3, 2])
        #expect(try figures("acme/Budget/search") == [5, 0, 5, -1])
        #expect(try json("reset", "acme/apikey/main", "--reason", "r")["forgiven"] as? Int == 3)
        #expect(try json("reset", "acme/search", "--reason", "r")["forgiven"] as? Int == 5)
        #expect(try figures("acme/APIKey/main") == [3, 3, 0, 5])
        #expect(try figures("acme/Budget/search") == [5, 5, 0, -1])
        #expect(try figures("acme/Budget/team") == [35, 0, 35, 99_999_999_965])
        // The parts of a window that rolls end one by one, each when it leaves.
        let spans = try scene.sql(
            "SELECT extract(day FROM counts_until - part_start) || ' ' || c.amount FROM charter.budget_credit c JOIN charter.budget_reset r ON r.id = c.reset WHERE kind = 'APIKey'")
        #expect(spans.allSatisfy { $0.hasPrefix("30 ") } && !spans.isEmpty, "\(spans)")
    }

    @Test(arguments: [
        (["reset", "acme/team"], 2, "--reason is missing"), (["reset", "team", "--reason", "r"], 2, "names no budget"),
        (["reset"], 2, "budget knows list and reset"), (["forgive", "x"], 2, "budget knows list and reset"),
        (["reset", "acme/Bugdet/team", "--reason", "r"], 2, "is not a kind"),
        (["reset", "acme/main", "--reason", "r"], 1, "no budget acme/Budget/main is applied; there is acme/APIKey/main"),
        (["reset", "globex/team", "--reason", "r"], 1, "no budget globex/Budget/team is applied"),
    ])
    func `what cannot be set back is explained`(words: [String], code: Int32, message: String) throws {
        let outcome = try scene.charter(["budget"] + words)
        #expect(outcome.code == code && outcome.errors.contains(message), "\(outcome)")
        #expect(try scene.sql("SELECT count(*) FROM charter.budget_reset") == ["0"])
    }

    @Test func `two resets at once forgive everything once`() throws {
        try spend(60_000_000_000)
        let (database, requests) = (scene.database, 4)
        try inParallel(requests) { _ in
            _ = try BudgetResetRequest(budget: "acme/team", actor: "ada", reason: "r", isTrial: false).run(Connection(database))
        }
        #expect(try scene.sql("SELECT sum(amount) || ' ' || count(*) FROM charter.budget_reset") == ["60000000000 1"])
    }
}
