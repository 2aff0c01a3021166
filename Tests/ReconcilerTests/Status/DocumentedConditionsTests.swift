import Foundation
import Testing

@testable import Reconciler

/// docs/OPERATIONS.md beside the code.
struct DocumentedConditionsTests {
    private let text: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: root.appending(path: "docs/OPERATIONS.md"), encoding: .utf8)
    }

    @Test(arguments: Condition.Name.allCases) func `every condition has its line`(name: Condition.Name) {
        #expect(text.contains("\n| `\(name.rawValue)` | "))
    }

    @Test(arguments: Condition.Reason.allCases) func `every reason is in the table`(reason: Condition.Reason) {
        let table = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(table.contains { $0.contains("`\(reason.rawValue)`") })
    }

    @Test(arguments: StatusReport.Standing.allCases) func `every standing of a gateway is named`(standing: StatusReport.Standing) {
        #expect(text.contains("`\(standing.rawValue)`"))
    }
}
