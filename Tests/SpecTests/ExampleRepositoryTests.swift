import Foundation
import Testing

@testable import Spec

struct ExampleRepositoryTests {
    @Test func `the example repository has no mistake, and its warnings are only of what is not enforced yet`() throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "examples/config-repo")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        let files = try paths.filter { $0.hasSuffix(".yaml") }.sorted().map {
            SourceFile(path: $0, bytes: Array(try Data(contentsOf: root.appending(path: $0))))
        }
        let declared = Specification.load(files)
        #expect(declared.diagnostics.filter { $0.severity == .error }.map { Rendering.text($0) } == [])
        #expect(declared.diagnostics.filter { !$0.code.rawValue.hasPrefix("CH09") }.map { Rendering.text($0) } == [])
        let organizations = declared.resources.keys.filter { $0.kind == .organization }
        #expect(organizations.count >= 3)
        #expect(declared.resources.keys.filter { $0.kind == .workflow }.count == 2)
    }
}
