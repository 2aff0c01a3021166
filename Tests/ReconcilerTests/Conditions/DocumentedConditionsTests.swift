import Foundation
import TestKit
import Testing

@testable import Reconciler

/// docs/OPERATIONS.md beside the code.
struct DocumentedConditionsTests {
    let text: String

    init() throws {
        text = try String(contentsOf: Programs.root.appending(path: "docs/OPERATIONS.md"), encoding: .utf8)
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

    /// Names in the sources, such as `WatchEvent("led"`, `.commit("applied"` and `self.init("delivered"`.
    @Test func `every event of the watcher has its line, and no other has`() throws {
        let root = Programs.root.appending(path: "Sources/Reconciler")
        var names: Set<String> = ["retrying", "stuck"]
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            let source = try String(contentsOf: file, encoding: .utf8)
            guard source.contains("WatchEvent") else { continue }
            names.formUnion(source.matches(of: /(?:WatchEvent|commit|self\.init)\(\s*"([a-z_]+)"/).map { String($0.1) })
        }
        let documented = Set(text.matches(of: /\n\| `([a-z_]+)` \| (?:info|warning|error) \|/).map { String($0.1) })
        #expect(names == documented, "\(names.symmetricDifference(documented))")
    }
}
