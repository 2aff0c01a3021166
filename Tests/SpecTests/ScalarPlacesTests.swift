import Testing

@testable import Spec

/// Places inside of texts: whatever the style, an `@` of the text stands where the file has it.
@Suite struct ScalarPlacesTests {
    @Test(
        arguments: [
            "a: one @ two", "a: 'it''s @ here'", "a: \"tab \\t and \\u00e9 @ here\"", "a: |\n  one\n  two @ three\n",
            "a: >\n  one\n  two @ three\n", "a: >-\n  one\n\n  two\n  @ three\n", "a: one\n  two\n  three @ four",
            "a: 'one\n\n  two @'", "a: \"one \\\n  two @\"", "a: \"one\n  two @ x\"", "a: |-\n    deep\n\n    @\n", "b: é\na: é @ x",
            "a: |\n  one\n    two @\n", "a: [x, 'y @']",
        ])
    func `a part of a scalar stands where the file has it`(text: String) throws {
        let bytes = Array(text.utf8)
        let root = try #require(YAMLReader(path: "x.yaml", bytes: bytes).documents.first)
        var node = try #require(root.child("a"))
        if let last = node.items.last { node = last }
        guard case .scalar(let content) = node.content else {
            Issue.record("no scalar")
            return
        }
        let scalar = content.text
        let offset = try #require(Array(scalar.unicodeScalars).firstIndex(of: "@"))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        let line = try #require(lines.firstIndex { $0.contains("@") })
        let column = try #require(lines[line].firstIndex(of: "@"))
        let found = ScalarPlaces.position(of: offset, in: scalar, from: node.extent.position, of: FileText(bytes))
        #expect(found == Position(line: line + 1, column: column + 1), "\(text)")
    }

    @Test func `a workflow of too many steps is refused, and costs no more`() {
        let steps = (0...Workflow.stepsMax).map { "    - { name: s\($0), delay: 1s }" }.joined(separator: "\n")
        let text = "apiVersion: charter/v1\nkind: Workflow\nmetadata: { name: w }\nspec:\n  trigger: { manual: {} }\n  steps:\n"
        let found = ParsedFile(SourceFile("orgs/acme/w.yaml", text + steps + "\n")).diagnostics
        #expect(found.filter { $0.severity == .error }.map(\.code) == [.valueInvalid])
    }
}
