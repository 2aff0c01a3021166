import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct BudgetIsSetBack {
        private let model = "openai/gpt-4o-mini"

        @Test func `a spent budget is set back by a command, and the ledger stays as it is`() throws {
            let platform = try Platform()
            for _ in 0..<10 { #expect(try platform.chat(model: model).status == 200) }
            try platform.repository.replace("250 USD/month", with: "0.00005 USD/month", in: Platform.checkoutKey)
            try platform.repository.commit("Lower the budget")
            try platform.chatBecomes("the budget is spent", model: model) { $0.status == 429 }
            let served = platform.served.openAI.count + platform.served.groq.count
            try eventually(within: Platform.patience, "every call is booked") {
                try platform.sql("SELECT count(*) FROM charter.usage") == ["\(served)"]
            }
            let booked = try platform.sql("SELECT sum(cost) FROM charter.usage")

            let outcome = try platform.charter("budget", "reset", "acme/APIKey/checkout-prod", "--reason", "the loop was ours")
            #expect(outcome.code == 0 && outcome.output.contains("is set back"), "\(outcome)")
            #expect(try platform.sql("SELECT sum(cost) FROM charter.usage") == booked)
            try platform.chatBecomes("calls pass again", model: model) { $0.status == 200 }
            #expect(try platform.charter("budget", "list", "acme").output.contains("the loop was ours"))
        }
    }
}
