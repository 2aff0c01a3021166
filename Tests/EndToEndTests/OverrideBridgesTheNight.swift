import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct OverrideBridgesTheNight {
        private let model = "openai/gpt-4o-mini"

        @Test func `a spent budget is raised by an override, which status shows, and refuses again when it ends`() throws {
            let platform = try Platform()
            #expect(try platform.chat(model: model).status == 200)
            try platform.repository.replace("250 USD/month", with: "0.000001 USD/month", in: Platform.checkoutKey)
            try platform.repository.commit("Lower the budget")
            try platform.chatBecomes("the budget is spent", model: model) { $0.status == 429 }

            let words = ["override", "set", "key/acme/checkout-prod", "budget=400USD", "--until", "1h"]
            #expect(try platform.charter(words).code == 2, "it has no reason")
            let outcome = try platform.charter(words + ["--reason", "the night must be bridged"])
            #expect(outcome.code == 0 && outcome.output.contains("400 USD/month"), "\(outcome)")
            try platform.chatBecomes("the override is enforced", model: model) { $0.status == 200 }
            for command in ["status", "drift"] {
                #expect(try platform.charter(command).output.contains("the night must be bridged"), "\(command)")
            }
            let listed = try platform.charter("override", "list").output
            let id = try #require(listed.split(separator: "\n").last?.split(separator: " ").first.map(String.init))
            #expect(try platform.charter("override", "end", id).code == 0)
            try platform.chatBecomes("the budget refuses again", model: model) { $0.status == 429 }
            #expect(try platform.charter("override", "end", id).errors.contains("over already"))
        }
    }
}
