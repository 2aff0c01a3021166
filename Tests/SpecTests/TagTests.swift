import Testing

@testable import Spec

@Suite struct TagTests {
    private func read(_ text: String) -> YAMLReader { YAMLReader(path: "a.yaml", bytes: Array(text.utf8)) }

    @Test(
        arguments: [
            ("!!str 12", .string), ("!!str", .string), ("!!str true", .string), ("!!int \"12\"", .integer),
            ("!!int 0x1F", .integer), ("!!float 1", .float), ("!!float .5", .float), ("!!bool 'true'", .boolean),
            ("!!null ~", .null), ("!!null", .null), ("!<tag:yaml.org,2002:str> 1", .string),
        ] as [(String, Scalar.ScalarType)]) func `a core tag gives a scalar its type`(text: String, type: Scalar.ScalarType)
    {
        let reader = read("[\(text) ]")
        #expect(reader.diagnostics.isEmpty)
        guard case .sequence(let items)? = reader.documents.first?.content, case .scalar(let scalar)? = items.first?.content
        else {
            Issue.record("no scalar")
            return
        }
        #expect(scalar.type == type)
    }

    @Test(arguments: ["!!int 1.5", "!!int x", "!!bool yes", "!!null 0", "!!float x", "!!map x", "!!seq x", "!!str [x]", "!!map [x]", "!!seq {}"])
    func `a core tag that its value contradicts is refused`(text: String) {
        #expect(read("[\(text)]").diagnostics.map(\.code) == [.tagContradicted])
    }

    @Test(arguments: ["!shop x", "! x", "!!timestamp 2027-01-01", "!!binary eA==", "!!set {x}", "!!omap []", "!<x> y", "!!python/object:os.system x"])
    func `any other tag is refused`(text: String) {
        #expect(read("[\(text)]").diagnostics.map(\.code) == [.tagRefused])
    }

    @Test func `handles are followed`() {
        #expect(read("%TAG !c! tag:yaml.org,2002:\n---\na: !c!str 1\n").diagnostics.isEmpty)
        #expect(read("%TAG !! tag:example.com,2000:\n---\na: !!str 1\n").diagnostics.map(\.code) == [.tagRefused])
    }

    @Test func `YAML 1.2 may be named, other versions not`() {
        #expect(read("%YAML 1.2\n---\na: 1\n").diagnostics.isEmpty)
        #expect(read("%YAML 1.1\n---\na: 1\n").diagnostics.map(\.code) == [.yamlVersionRefused])
        #expect(read("%YAML 1.3\n---\na: 1\n").diagnostics.map(\.code) == [.yamlSyntax])
    }
}
