import Foundation
import Gateway
import Policy
import TestKit
import Testing

@Suite struct DocumentedCodesTests {
    @Test func `the page of codes explains every refusal with its status`() throws {
        let text = try String(contentsOf: Programs.root.appending(path: "docs/ERRORS.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").prefix(2).joined(separator: "|") }
        let policy = RefusalCode.allCases.map { " `\($0.rawValue)` | \($0.status) " }
        let own = GatewayErrorCode.allCases.map { " `\($0.rawValue)` | \($0.status) " }
        #expect(rows.sorted() == (policy + own).sorted())
    }
}
