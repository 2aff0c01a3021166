import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct HandEditIsAdopted {
        private let model = "openai/gpt-4o-mini"
        private let budget = "acme/Budget/acme-monthly"

        @Test func `a colleague's raise in psql is named, an override bridges the night, adopting it makes all equal, and the audit holds`() throws {
            let platform = try Platform(watching: false)
            try platform.repository.replace("driftInterval: 60s", with: "driftInterval: 1s", in: "charter.yaml")
            try platform.repository.replace("  prune: true", with: "  writeBack: { to: proposals }\n  prune: true", in: "charter.yaml")
            try platform.repository.replace("2000 USD/month", with: "0.000001 USD/month", in: "orgs/acme/budgets/acme.yaml")
            try platform.repository.commit("Spend next to nothing, and let changes be proposed")
            try platform.apply()
            #expect(try platform.charter("migrate", "--drift-blame").code == 0)
            try platform.startWatch()
            _ = try platform.chat(model: model)
            try platform.chatBecomes("the budget is spent", model: model) { $0.status == 429 }

            try platform.sql(
                "UPDATE charter.resource SET canonical = replace(canonical, '0.000001 USD', '9000 USD') WHERE org = 'acme' AND name = 'acme-monthly'")
            let drift = try platform.charter("drift")
            #expect(drift.code == 2 && drift.output.contains("wanted 0.000001 USD/month, found 9000 USD/month"), "\(drift)")
            #expect(drift.output.contains(" by psql ") && !drift.output.contains("unattributed"), "\(drift)")
            try eventually(within: .seconds(60), "the finding is kept") { try platform.charter("drift", "list").output.contains(budget) }
            #expect(try platform.chat(model: model).status == 429, "what a hand writes is not enforced")

            let bridged = try platform.charter(
                "override", "set", "budget/acme/acme-monthly", "limit=400USD", "--until", "12h", "--reason", "the night must be bridged", "--json")
            #expect(bridged.code == 0, "\(bridged)")
            try platform.chatBecomes("the override is enforced", model: model) { $0.status == 200 }
            let bridging = try #require(try platform.chat(model: model).headers["x-charter-decision"])
            try eventually(within: .seconds(60), "its usage is shipped") { try platform.charter("why", bridging).code == 0 }
            let why = try platform.charter("why", bridging)
            #expect(why.output.contains("the night must be bridged") && why.output.contains("400 USD/month"), "\(why)")
            #expect(why.output.contains(budget) && why.output.contains("orgs/acme/budgets/acme.yaml:") && !why.output.contains("9000 USD"), "\(why)")

            let said = try platform.charter("drift", "adopt", budget, "--as", "acme/mira", "--reason", "the night", "--wait", "60s")
            #expect(said.code == 0 && said.output.contains("Proposed as "), "\(said)")
            let branch = try #require(try platform.sql("SELECT branch FROM charter.change_request").first)
            try platform.repository.merge(branch)
            try eventually(within: .seconds(60), "it is adopted") { try platform.charter("drift", "list", "--all").output.contains("adopted since ") }
            let override = try #require(try platform.sql("SELECT uid FROM charter.override").first)
            #expect(try platform.charter("override", "end", override).code == 0)
            #expect(try platform.charter("override", "list").output.contains("No overrides"))
            let sequence = try platform.sql("SELECT id FROM charter.override_sequence")
            try eventually(within: .seconds(60), "the gateway has let go of it") {
                try platform.sql("SELECT override_sequence FROM charter.gateway") == sequence
            }
            #expect(try platform.chat(model: model).status == 200, "what was adopted is enforced")

            #expect(try platform.charter("drift").code == 0)
            #expect(
                try platform.sql("SELECT charter.state_digest()")
                    == platform.sql("SELECT encode(state_digest, 'hex') FROM charter.revision ORDER BY id DESC LIMIT 1"))
            #expect(try platform.repository.text(of: "orgs/acme/budgets/acme.yaml").contains("hard: 9000 USD/month"))
            let acts = try platform.sql("SELECT action FROM charter.audit ORDER BY sequence")
            for act in ["override.set", "drift.adoption_asked", "change.asked", "override.ended", "revision.applied"] { #expect(acts.contains(act), "\(acts)") }
            #expect(try platform.charter("audit", "verify").code == 0)
        }
    }
}
