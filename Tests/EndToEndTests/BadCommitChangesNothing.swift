import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct BadCommitChangesNothing {
        private let project = "orgs/acme/projects/search.yaml"

        @Test func `status names the mistake, the last good revision goes on, and the next good commit goes through`()
            throws
        {
            let platform = try Platform()
            let good = try #require(try platform.chat().revision)
            try platform.repository.edit(project) { $0 + "  limitz: [1 requests/min]\n" }
            // What the same commit would have changed beside its mistake.
            try platform.repository.replace("weight: 80", with: "weight: 10", in: "routes/routes.yaml")
            let place = try platform.repository.place(of: "limitz", in: project)
            try platform.repository.commit("Misspell a field")

            try eventually(within: Platform.patience, "status names \(place)") {
                try platform.charter("status").output.contains(place)
            }
            #expect(try platform.charter("status").output.contains("limitz"))
            let answer = try platform.chat()
            #expect(answer.status == 200 && answer.revision == good, "\(answer)")
            #expect(try platform.sql("SELECT max(id) FROM charter.revision") == ["\(good)"])

            try platform.repository.replace("  limitz: [1 requests/min]\n", with: "", in: project)
            try platform.repository.commit("Mend it")
            try platform.chatBecomes("the next good commit is enforced") { ($0.revision ?? 0) > good }
            #expect(try !platform.charter("status").output.contains("limitz"))
        }
    }
}
