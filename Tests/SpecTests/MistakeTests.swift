import Foundation
import Testing

@testable import Spec

/// Each folder of `Fixtures/mistakes` is laid over the valid repository; `expected.txt` is what its author is told.
///
/// `CHARTER_REWRITE_EXPECTED=1` writes the files anew; a missing one fails.
@Suite struct MistakeTests {
    static let folder = FixtureRepository.folder.appending(path: "mistakes")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    static let now = Instant(milliseconds: 1_795_000_000_000)

    /// What the folder's own files are told.
    static func diagnostics(_ name: String) throws -> [Diagnostic] {
        let own = try FixtureRepository.files(in: folder.appending(path: name))
        let paths = Set(own.map(\.path))
        let valid = try FixtureRepository.files("valid").filter { !paths.contains($0.path) }
        let all = valid + own
        let found = SourceLines(all).attach(to: Specification.load(all, now: now).judged(compiled: nil))
            .sorted(by: Diagnostic.precedes)
        return found.filter { $0.severity == .error || $0.place.map { paths.contains($0.path) } ?? true }
    }

    @Test(arguments: names) func `every mistake is explained as written down`(name: String) throws {
        let expected = Self.folder.appending(path: name).appending(path: "expected.txt")
        let text = Rendering.text(try Self.diagnostics(name))
        #expect(!text.isEmpty)
        if ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" {
            try text.write(to: expected, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: expected, encoding: .utf8)))
    }

    @Test func `every mistake has a place and the text of its line`() throws {
        for name in Self.names {
            for diagnostic in try Self.diagnostics(name) {
                #expect(diagnostic.place != nil && diagnostic.sourceLine != nil, "\(name): \(diagnostic.message)")
            }
        }
    }

    @Test func `every code is shown by a fixture or made by a test of its own`() throws {
        // Too large to keep as files, or found in the database, in Git or in the compiled policy.
        let elsewhere: Set<DiagnosticCode> = [
            .fileTooLarge, .tooManyValues, .errorsNotListed, .warningsNotListed, .jsonSyntax, .pathRefused, .keyTestFailed, .keyWithoutPermission,
            .keyWithoutModels, .routeClosed, .modelUnpriced, .refusalUnknown,
            .handleMissing, .pathNotExpressible, .suffixNotRead,
            .signatureMissing, .signatureBad, .signerNotTrusted, .signatureNotChecked, .signerNotOfPath, .commitsNotKnown,
        ]
        var shown = Set(try Self.names.flatMap { try Self.diagnostics($0).map(\.code) })
        shown.formUnion(elsewhere)
        #expect(Set(DiagnosticCode.allCases).subtracting(shown).map(\.rawValue).sorted() == [])
    }
}
