import Foundation
import Testing
import TestKit

extension EndToEnd {
    struct BudgetStopsSpending {
        @Test func `a budget below what is spent refuses with its line, and a higher one lets calls pass again`() throws {
            let platform = try Platform()
            let before = try platform.chat()
            #expect(before.status == 200, "\(before)")
            let place = try platform.repository.place(of: "hard: 250 USD/month", in: Platform.checkoutKey)

            try platform.repository.replace("250 USD/month", with: "0.000001 USD/month", in: Platform.checkoutKey)
            let commit = try platform.repository.commit("Lower the budget")

            let refused = try platform.chatBecomes("the budget is spent") { $0.status == 429 }
            #expect(refused.json("error", "code") as? String == "insufficient_quota")
            #expect(refused.headers["x-should-retry"] == "false")
            let rule = refused.json("error", "charter", "rule") as? [String: Any]
            #expect("\(rule?["path"] ?? ""):\(rule?["line"] ?? "")" == place)
            #expect(rule?["commit"] as? String == commit)
            #expect((rule?["author"] as? String)?.contains("Sam Okafor") == true)
            #expect((refused.json("error", "message") as? String)?.contains(place) == true)

            let booked = try platform.sql("SELECT count(*) FROM charter.usage")
            try platform.repository.replace("0.000001 USD/month", with: "250 USD/month", in: Platform.checkoutKey)
            try platform.repository.commit("Raise the budget")
            try platform.chatBecomes("calls pass again") { $0.status == 200 }
            // A refusal costs nothing: only calls that were forwarded are in the ledger.
            #expect(booked.count == 1)
        }
    }
}
