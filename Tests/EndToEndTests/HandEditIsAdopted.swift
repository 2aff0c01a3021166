import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct HandEditIsAdopted {
        @Test func `a hand's raise in psql is named, proposed, merged and equal in Git and PostgreSQL, and the audit holds`() throws {
            let platform = try Platform(watching: false)
            try platform.repository.replace("driftInterval: 60s", with: "driftInterval: 1s", in: "charter.yaml")
            try platform.repository.replace("  prune: true", with: "  writeBack: { to: proposals }\n  prune: true", in: "charter.yaml")
            try platform.repository.commit("Let changes be proposed")
            try platform.apply()
            #expect(try platform.charter("migrate", "--drift-blame").code == 0)
            try platform.startWatch()
            try platform.sql(
                "UPDATE charter.resource SET canonical = replace(canonical, '2000 USD', '9000 USD') WHERE org = 'acme' AND name = 'acme-monthly'")

            let drift = try platform.charter("drift")
            #expect(drift.code == 2 && drift.output.contains("wanted 2000 USD/month, found 9000 USD/month"), "\(drift)")
            #expect(drift.output.contains(" by psql ") && !drift.output.contains("unattributed"), "\(drift)")
            try eventually(within: .seconds(60), "the finding is kept") {
                try platform.charter("drift", "list").output.contains("acme/Budget/acme-monthly")
            }
            let said = try platform.charter(
                "drift", "adopt", "acme/Budget/acme-monthly", "--as", "acme/mira", "--reason", "the night", "--wait", "60s")
            #expect(said.code == 0 && said.output.contains("Proposed as "), "\(said)")
            let branch = try #require(try platform.sql("SELECT branch FROM charter.change_request").first)
            try platform.repository.merge(branch)

            try eventually(within: .seconds(60), "it is adopted") {
                try platform.charter("drift", "list", "--all").output.contains("adopted since ")
            }
            #expect(try platform.charter("drift").code == 0)
            #expect(
                try platform.sql("SELECT charter.state_digest()")
                    == platform.sql("SELECT encode(state_digest, 'hex') FROM charter.revision ORDER BY id DESC LIMIT 1"))
            #expect(try platform.repository.text(of: "orgs/acme/budgets/acme.yaml").contains("hard: 9000 USD/month"))
            #expect(try platform.charter("audit", "verify").code == 0)
        }
    }
}
