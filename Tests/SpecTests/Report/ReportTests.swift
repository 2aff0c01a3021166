import Foundation
import Testing

@testable import Spec

/// Each format of a report, held to a file under `Fixtures/reports`.
///
/// `CHARTER_REWRITE_EXPECTED=1` writes the files anew; a missing one fails.
@Suite struct ReportTests {
    static let folder = FixtureRepository.folder.appending(path: "reports")

    private static let files = [
        SourceFile(
            "orgs/acme/keys/a b,%.yaml", "\u{feff}kind: APIKey\nspec:\n  ünïts: { \"owmer\": \"<日本> & ::error::x\" }\n"),
        SourceFile("orgs/acme/org.yaml", "kind: Organization\r\nspec: { plan: golf }\r\n"),
        SourceFile("plans.yaml", "kind: Plan\n"),
    ]

    static let report: Report = {
        func place(_ path: Int, _ line: Int, _ column: Int) -> Place {
            Place(path: files[path].path, position: Position(line: line, column: column))
        }
        let found = [
            Diagnostic(
                .pathRefused, at: Place(path: "link.yaml", position: Position(line: 1, column: 1)),
                "not read: it is a symbolic link"),
            Diagnostic(
                .fieldUnknown, at: place(0, 3, 12), length: 7, "unknown field `owmer`", hint: "did you mean `owner`?"),
            Diagnostic(.nameInvalid, at: place(0, 3, 21), length: 20, "`<日本> & ::error::x` is not a name"),
            Diagnostic(
                .referenceDangling, at: place(1, 2, 15), length: 4, "there is no Plan `golf`",
                hint: "did you mean `gold`?",
                related: [(place(2, 1, 7), "`gold` is declared here")]),
            Diagnostic(.notEnforced, at: place(1, 2, 9), length: 4, "`plan` is accepted, not enforced by this version"),
            Diagnostic(.notEnforced, at: place(1, 2, 9), length: 4, "`plan` is accepted, not enforced by this version"),
        ]
        return Report(
            diagnostics: SourceLines(files).attach(to: found), paths: files.map(\.path), wholeCount: 40,
            resourceCount: 1,
            notes: ["not checked offline: who may sign"], prefix: "config/", version: "1.2.3")
    }()

    @Test(arguments: ReportFormat.allCases) func `every format is written as its file shows`(format: ReportFormat)
        throws
    {
        try Self.hold(Self.report.rendered(as: format), to: "report.\(format.rawValue)")
    }

    @Test func `the summary of a job is written as its file shows`() throws {
        try Self.hold(Self.report.summary, to: "summary.md")
    }

    @Test(arguments: ReportFormat.allCases) func `a report without findings is written as its file shows`(
        format: ReportFormat
    ) throws {
        let report = Report(diagnostics: [], paths: ["a.yaml"], resourceCount: 2, version: "1.2.3")
        try Self.hold(report.rendered(as: format), to: "empty.\(format.rawValue)")
    }

    @Test func `fingerprints stay when lines move, and tell equal findings apart`() {
        var moved = Self.report
        for index in moved.diagnostics.indices { moved.diagnostics[index].place?.position.line += 7 }
        #expect(moved.fingerprints == Self.report.fingerprints)
        #expect(Set(moved.fingerprints).count == moved.diagnostics.count)
        // The published values of FNV-1a for the empty text and for "a", the latter before the parts are told apart.
        #expect(Fingerprint([]).hex == "6c62272e07bb014262b821756295c58d")
    }

    @Test func `GitHub's runner obeys nothing that a file says`() throws {
        let lines = Self.report.rendered(as: .github).split(separator: "\n", omittingEmptySubsequences: false)
        let token = try #require(lines.first).replacing("::stop-commands::", with: "")
        let end = try #require(lines.firstIndex(of: "::\(token)::"))
        #expect(lines[1..<end].contains { $0.contains("::error::x") })
        #expect(
            lines[end...].dropFirst().allSatisfy { $0.hasPrefix("::error file=") || $0.hasPrefix("::warning file=") })
    }

    @Test func `GitHub is given ten annotations of each severity, and the summary less than it takes`() {
        let many = (1...30_000).map { line in
            Diagnostic(
                line % 2 == 0 ? .fieldUnknown : .notEnforced,
                at: Place(path: "a.yaml", position: Position(line: line, column: 1)),
                "finding \(line) of very many that all say much the same")
        }
        let report = Report(diagnostics: many, paths: ["a.yaml"], resourceCount: 0, version: "1")
        let lines = report.rendered(as: .github).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("::error ") } == 10 && lines.count { $0.hasPrefix("::warning ") } == 10)
        #expect(lines.last?.hasPrefix("29980 of 30000 findings have no annotation") == true)
        #expect(report.summary.utf8.count < 1 << 20 && report.summary.hasSuffix("more findings are in the log.\n"))
    }

    @Test(arguments: [("a: limitz", 4, 6, "limits"), (#"a: "limitz""#, 4, 8, #""limits""#), ("a: [limitz", 4, 7, nil)])
    func `a suggestion replaces one word and keeps its quotes`(line: String, column: Int, length: Int, fix: String?) {
        var finding = Diagnostic(
            .fieldUnknown, at: Place(path: "a", position: Position(line: 1, column: column)), length: length, "?",
            hint: "did you mean `limits`?")
        finding.sourceLine = line
        #expect(finding.fix?.text == fix)
        #expect(finding.replacement == "limits")
    }

    @Test func `what needs history is named where the rules of the repository ask for it`() {
        var rules = Repository.standard
        #expect(rules.uncheckedOffline == [])
        rules.signatures = Repository.Signatures(required: .require, check: .tip)
        #expect(rules.uncheckedOffline == ["not checked offline: who signed (`signatures`, `signers`)"])
        rules.signatures?.required = .off
        rules.owners = [Repository.OwnerRule(paths: [], kinds: [], by: ["acme/ada"], signers: [])]
        #expect(rules.uncheckedOffline == ["not checked offline: who changes what (`owners`)"])
    }

    @Test func `every code has a title of plain words`() {
        #expect(
            DiagnosticCode.fieldUnknown.title == "field unknown"
                && DiagnosticCode.apiVersionUnknown.title == "api version unknown")
        for code in DiagnosticCode.allCases {
            #expect(!code.title.isEmpty && code.title.utf8.allSatisfy { $0 == 0x20 || Names.isLowerOrDigit($0 | 0x20) })
        }
    }

    private static func hold(_ text: String, to name: String) throws {
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try (text + "\n").write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text + "\n" == (try String(contentsOf: file, encoding: .utf8)))
    }
}
