import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct BudgetStopsSpending {
        /// One model, so that ten calls cost the same in every run.
        private let model = "openai/gpt-4o-mini"

        @Test func `a budget below what is spent refuses with its line, and a higher one lets calls pass again`() throws
        {
            let platform = try Platform()
            for _ in 0..<10 {
                let answer = try platform.chat(model: model)
                #expect(answer.status == 200, "\(answer)")
            }
            let place = try platform.repository.place(of: "hard: 250 USD/month", in: Platform.checkoutKey)

            try platform.repository.replace("250 USD/month", with: "0.00005 USD/month", in: Platform.checkoutKey)
            let commit = try platform.repository.commit("Lower the budget")

            let refused = try platform.chatBecomes("the budget is spent", model: model) { $0.status == 429 }
            #expect(refused.json("error", "code") as? String == "insufficient_quota")
            #expect(refused.json("error", "charter", "code") as? String == "budget_exceeded")
            #expect((refused.json("error", "message") as? String)?.contains("is spent") == true, "\(refused)")
            #expect(refused.headers["x-should-retry"] == "false")
            let rule = refused.json("error", "charter", "rule") as? [String: Any]
            #expect("\(rule?["path"] ?? ""):\(rule?["line"] ?? "")" == place)
            #expect(rule?["commit"] as? String == commit)
            #expect((rule?["author"] as? String)?.contains("Sam Okafor") == true)
            #expect((refused.json("error", "message") as? String)?.contains(place) == true)

            try platform.repository.replace("0.00005 USD/month", with: "250 USD/month", in: Platform.checkoutKey)
            try platform.repository.commit("Raise the budget")
            try platform.chatBecomes("calls pass again", model: model) { $0.status == 200 }
            // A refusal costs nothing: what is booked is what the providers served.
            let served = platform.served.openAI.count + platform.served.groq.count
            try eventually(within: Platform.patience, "every call is booked") {
                try platform.sql("SELECT count(*) FROM charter.usage") == ["\(served)"]
            }
        }
    }
}
