import Foundation
import Testing

@testable import Spec

/// `docs/ERRORS.md` says of each code what the program says. `CHARTER_REWRITE_EXPECTED=1` writes its tables anew.
@Suite struct ExplanationTests {
    static let page = DocumentTests.docs.appending(path: "ERRORS.md")
    static let head = "| code | cause | remedy |\n|---|---|---|\n"

    @Test func `every code is explained once`() {
        let explained = Explanation.all.map(\.code.rawValue)
        let missing = Set(DiagnosticCode.allCases.map(\.rawValue)).subtracting(explained).sorted()
        #expect(missing == [], "explain them in Sources/Spec/Diagnostics/Explanations")
        #expect(explained.count == Set(explained).count)
    }

    @Test(arguments: Explanation.all.map(\.code)) func `an explanation is one line of sentences`(code: DiagnosticCode) throws {
        let explanation = try #require(code.explanation)
        for text in [explanation.cause, explanation.remedy] {
            #expect(text.hasSuffix(".") && !text.contains("\n") && !text.contains(" |"), "\(code.rawValue): \(text)")
        }
    }

    @Test(arguments: GuardCode.allCases) func `what holds a plan back is explained in one line of sentences`(code: GuardCode) {
        for text in [code.cause, code.remedy] {
            #expect(text.hasSuffix(".") && !text.contains("\n") && !text.contains(" |"), "\(code.rawValue): \(text)")
        }
    }

    @Test func `the page of codes says what the program says`() throws {
        var text = try String(contentsOf: Self.page, encoding: .utf8)
        var tables = Dictionary(grouping: DiagnosticCode.allCases, by: \.section).mapValues { codes in
            // Never over words that stand only in the page.
            (rows: codes.sorted { $0.rawValue < $1.rawValue }.map { Self.row(of: $0) }, isWhole: codes.allSatisfy { $0.explanation != nil })
        }
        tables[GuardCode.section] = (GuardCode.allCases.map { "| \($0.rawValue) | \($0.cause) | \($0.remedy) |" }, true)
        for (section, table) in tables {
            let start = try #require(text.range(of: "## \(section)\n\n" + Self.head), "\(section) has no table")
            let rest = text[start.upperBound...]
            let end = rest.range(of: "\n\n")?.lowerBound ?? rest.endIndex
            let rows = table.rows.joined(separator: "\n")
            if ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" && table.isWhole {
                text.replaceSubrange(start.upperBound..<end, with: rows)
            } else {
                #expect(String(text[start.upperBound..<end]) == rows)
            }
        }
        if ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" {
            try text.write(to: Self.page, atomically: true, encoding: .utf8)
        }
    }

    private static func row(of code: DiagnosticCode) -> String {
        "| \(code.rawValue) | \(code.explanation?.cause ?? "") | \(code.explanation?.remedy ?? "") |"
    }
}
