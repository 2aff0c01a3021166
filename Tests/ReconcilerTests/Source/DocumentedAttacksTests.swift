import Foundation
import TestKit
import Testing

/// `docs/ATTACKS.md` names tests that are there.
struct DocumentedAttacksTests {
    @Test func `every test that the page of attacks names is there`() throws {
        let page = try String(contentsOf: Programs.root.appending(path: "docs/ATTACKS.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| attack") }
        #expect(rows.count > 20)
        var names: Set<String> = []
        let tests = Programs.root.appending(path: "Tests")
        for path in try FileManager.default.subpathsOfDirectory(atPath: tests.path) where path.hasSuffix(".swift") {
            let text = try String(contentsOf: tests.appending(path: path), encoding: .utf8)
            for match in text.matches(of: /func `([^`]+)`/) { names.insert(String(match.1)) }
        }
        for row in rows {
            let cell = row.split(separator: "|").last { $0.contains("`") } ?? ""
            let named = cell.matches(of: /`([^`]+)`/).map { String($0.1) }
            #expect(!named.isEmpty, "\(row)")
            for name in named { #expect(names.contains(name), "there is no test `\(name)`") }
        }
    }
}
