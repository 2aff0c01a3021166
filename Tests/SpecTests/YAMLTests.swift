import Testing

@testable import Spec

@Suite struct YAMLTests {
    private func read(_ text: String) -> YAMLReader { YAMLReader(path: "a.yaml", bytes: Array(text.utf8)) }

    /// The values and keys of a tree in order, each with its place.
    private func outline(_ node: Node) -> [String] {
        let at = "\(node.extent.position.line):\(node.extent.position.column)+\(node.extent.length)"
        switch node.content {
        case .scalar(let scalar): return ["\(at) \(scalar.text) \(scalar.type)"]
        case .sequence(let items): return ["\(at) ["] + items.flatMap(outline)
        case .mapping(let entries):
            return ["\(at) {"]
                + entries.flatMap {
                    ["\($0.keyExtent.position.line):\($0.keyExtent.position.column)+\($0.keyExtent.length) \($0.key):"]
                        + outline($0.value)
                }
        case .broken: return ["\(at) broken"]
        }
    }

    @Test func `every key and value keeps its place and length`() throws {
        let reader = read("a: 1\nbé: [x, 'y z']\nc:\n  - d: null\n")
        #expect(
            outline(try #require(reader.documents.first)) == [
                "1:1+1 {", "1:1+1 a:", "1:4+1 1 integer", "2:1+2 bé:", "2:5+10 [", "2:6+1 x string", "2:9+5 y z string",
                "3:1+1 c:", "4:3+1 [", "4:5+1 {",
                "4:5+1 d:", "4:8+4 null null",
            ])
    }

    @Test(
        arguments: [
            ("true", .boolean), ("yes", .string), ("on", .string), ("~", .null), ("", .null), ("12", .integer),
            ("-0", .integer), ("0x1F", .integer),
            ("0o17", .integer), ("1_000", .string), ("1.5", .float), (".5", .float), ("1e3", .float), (".inf", .float),
            ("-.inf", .float), (".nan", .float),
            ("+.nan", .string), ("1.2.3", .string), ("80%", .string), ("2027-02-01", .string), ("-", .string),
            (".", .string), ("+", .string), ("0x", .string),
            ("12:30:45", .string), ("1e", .string),
        ] as [(String, Scalar.ScalarType)]) func `plain scalars have the types of the core schema`(
            text: String, type: Scalar.ScalarType
        )
    {
        #expect(CoreSchema.type(of: text) == type)
        #expect(Scalar(text: text, isPlain: false).type == .string)
    }

    @Test func `a byte order mark and CRLF are no mistakes and move no place`() throws {
        let reader = YAMLReader(path: "a.yaml", bytes: [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8))
        #expect(reader.diagnostics.isEmpty)
        #expect(
            outline(try #require(reader.documents.first)) == [
                "1:1+1 {", "1:1+1 a:", "1:4+1 1 integer", "2:1+1 b:", "2:4+1 2 integer",
            ])
    }

    @Test func `several documents are read, empty ones are not there`() {
        let reader = read("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n---\n")
        #expect(reader.documents.count == 2)
        #expect(reader.diagnostics.isEmpty)
        #expect(read("").documents.isEmpty && read("# only a remark\n").documents.isEmpty)
    }

    @Test func `documents before a mistake are kept, and the file counts as incomplete`() {
        let reader = read("a: 1\n---\nb: [\n")
        #expect(reader.documents.count == 1)
        #expect(reader.isIncomplete)
        #expect(reader.diagnostics.map(\.code) == [.yamlSyntax])
    }

    @Test func `nesting is refused before libyaml spends time on it`() {
        let started = ContinuousClock.now
        let reader = read("a: " + String(repeating: "[", count: 500_000))
        #expect(reader.diagnostics.map(\.code) == [.tooDeep])
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test func `a file may not be larger than its limit, nor hold too many values`() {
        let large = YAMLReader(
            path: "a.yaml", bytes: Array(repeating: UInt8(ascii: "#"), count: ReadingLimits.standard.fileBytesMax + 1))
        #expect(large.diagnostics.map(\.code) == [.fileTooLarge])
        let many = read("[" + String(repeating: "1,", count: ReadingLimits.standard.nodesMax) + "]")
        #expect(many.diagnostics.map(\.code) == [.tooManyValues])
    }

    @Test func `UTF-16 is a located mistake`() {
        let reader = YAMLReader(path: "a.yaml", bytes: [0xFF, 0xFE, 0x61, 0x00, 0x3A, 0x00])
        #expect(reader.diagnostics.map(\.code) == [.invalidUTF8])
        #expect(reader.diagnostics.first?.place?.position == Position(line: 1, column: 1))
    }

    @Test func `a lone carriage return ends a line, as libyaml counts`() {
        let bytes = Array("a: 1\rb: 2\rb: \u{7}\r".utf8)
        #expect(
            YAMLReader(path: "a.yaml", bytes: bytes).diagnostics.first?.place?.position == Position(line: 3, column: 4))
        #expect(SourceText.lines(of: bytes).count == 4)
        #expect(read("a: 1\rb: 2\rb: 3\r").diagnostics.first?.place?.position == Position(line: 3, column: 1))
    }
}
