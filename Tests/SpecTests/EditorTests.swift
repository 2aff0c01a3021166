import Foundation
import Testing

@testable import Spec

/// What `docs/EDITOR.md` and the example bind is what `charter schema --output` writes.
@Suite struct EditorTests {
    static let names = Set(Schema.files.map(\.name))

    @Test func `the example binds schemas that are written, to every file that is read`() throws {
        let example = DocumentTests.docs.appending(path: "../examples/config-repo").standardizedFileURL
        let settings = try JSONReader.parse(String(contentsOf: example.appending(path: ".vscode/settings.json"), encoding: .utf8))
        let bound = try #require(settings["yaml.schemas"]).entries
        #expect(bound.allSatisfy { $0.key.hasPrefix(".schemas/") && Self.names.contains(String($0.key.dropFirst(9))) })
        let patterns = bound.flatMap { $0.value.items.map(\.text) }
        for file in try FixtureRepository.files(in: example) {
            let folder = file.path.split(separator: "/").first.map(String.init) ?? ""
            #expect(patterns.contains { $0 == file.path || $0 == "\(folder)/**/*.yaml" }, "\(file.path)")
        }
        let advice = try JSONReader.parse(String(contentsOf: example.appending(path: ".vscode/extensions.json"), encoding: .utf8))
        #expect(advice["recommendations"]?.items.map(\.text) == ["redhat.vscode-yaml"])
    }

    @Test func `the page of editors names schemas that are written`() throws {
        let text = try String(contentsOf: DocumentTests.docs.appending(path: "EDITOR.md"), encoding: .utf8)
        let named = text.matches(of: /[A-Za-z]+\.json/).map { String($0.output) }.filter { $0 != "settings.json" }
        #expect(named.count > 5 && Set(named).isSubset(of: Self.names))
    }

    @Test func `schemas have a name of their own and say what they are for`() throws {
        var identities: Set<String> = []
        for form in Schema.Form.allCases {
            for text in Schema.kinds(form).map({ Schema.text(of: $0, form) }) + [Schema.combined(form)] {
                let schema = try JSONReader.parse(text)
                #expect(schema["$schema"]?.text == "http://json-schema.org/draft-07/schema#")
                let isFirst = identities.insert(schema["$id"]?.text ?? "").inserted
                #expect(isFirst)
                #expect(schema["title"] != nil && schema["description"] != nil)
            }
        }
    }
}
