import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct CommitIsWaitedFor {
        @Test func `CI waits until its commit is enforced, and all who hold the state then agree`() throws {
            let platform = try Platform()
            let budget = "orgs/acme/projects/search.yaml"
            try platform.repository.edit(budget) { $0.replacingOccurrences(of: "displayName: ", with: "displayName: New ") }
            let commit = try platform.repository.commit("Rename a project")
            let answer = try platform.charter("status", "--wait", "Enforced", "--commit", commit, "--timeout", "30s")
            #expect(answer.code == 0, "\(answer)")
            let status = try platform.charter("status", "--repo", platform.repository.bare).output
            #expect(status.contains("    all agree\n") && status.contains("gateway ") && status.contains("Git, unit default"), "\(status)")
            try platform.repository.edit(budget) { $0 + "  limitz: [1 requests/min]\n" }
            let bad = try platform.repository.commit("Misspell a field")
            let refused = try platform.charter("status", "--wait", "Enforced", "--commit", bad, "--timeout", "30s")
            #expect(refused.code == 1 && refused.errors.contains(budget), "\(refused)")
            #expect(try platform.charter("status", "--wait", "Enforced", "--commit", commit).code == 0, "the good one is in force all the while")
        }
    }
}
