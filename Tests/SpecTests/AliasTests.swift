import Testing

@testable import Spec

@Suite struct AliasTests {
    private func read(_ text: String) -> YAMLReader { YAMLReader(path: "a.yaml", bytes: Array(text.utf8)) }

    private func values(_ node: Node) -> [String] {
        switch node.content {
        case .scalar(let scalar): [scalar.text]
        case .sequence(let items): items.flatMap(values)
        case .mapping(let entries): entries.flatMap { [$0.key] + values($0.value) }
        case .broken: ["broken"]
        }
    }

    private func entries(_ reader: YAMLReader) -> [Node.Entry] {
        if case .mapping(let entries)? = reader.documents.first?.content { entries } else { [] }
    }

    @Test func `an alias repeats the value, and stands at its own place`() throws {
        let reader = read("a: &x [1, {b: 2}]\nc: *x\nd: [*x, *x]\n")
        #expect(reader.diagnostics.isEmpty)
        let entries = entries(reader)
        #expect(values(entries[1].value) == ["1", "b", "2"])
        #expect(values(entries[2].value) == ["1", "b", "2", "1", "b", "2"])
        #expect(entries[1].value.extent == Extent(position: Position(line: 2, column: 4), length: 2))
        let alias = try #require(entries[1].value.alias)
        #expect(alias.name == "x" && alias.anchored.position == Position(line: 1, column: 7))
        guard case .sequence(let items) = entries[1].value.content else { throw Missing() }
        #expect(items[0].extent.position == Position(line: 1, column: 8) && items[0].alias == nil)
    }

    private struct Missing: Error {}

    @Test func `anchors end with their document, and a later one takes the place of an earlier`() {
        #expect(read("a: &x 1\n---\nb: *x\n").diagnostics.map(\.code) == [.aliasRefused])
        let reader = read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")
        #expect(reader.documents.flatMap(values) == ["a", "1", "b", "1", "c", "2", "d", "2"])
    }

    @Test func `the anchor of a key names its text`() {
        #expect(read("&k key: 1\nother: *k\n").documents.flatMap(values) == ["key", "1", "other", "key"])
    }

    @Test func `a value's place is behind its anchor and tag`() {
        let extents = entries(
            read("a: &x foo\nb: !!str   'é'\nc: &y\n  d: 1\ne: &z !!seq [1]\nf: &w # note\n\n  !!str |\n  x\n")
        ).map(\.value.extent)
        #expect(
            extents == [
                Extent(position: Position(line: 1, column: 7), length: 3),
                Extent(position: Position(line: 2, column: 12), length: 3),
                Extent(position: Position(line: 4, column: 3), length: 1),
                Extent(position: Position(line: 5, column: 13), length: 3),
                Extent(position: Position(line: 8, column: 9), length: 1),
            ])
    }

    @Test func `aliases of aliases add little, or nothing at all`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let started = ContinuousClock.now
        let reader = read(text)
        #expect(reader.diagnostics.map(\.code) == [.aliasesTooLarge])
        #expect(reader.documents.flatMap(values).count < 2 * ReadingLimits.standard.aliasNodesMax)
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test func `aliases do not nest deeper than brackets may`() {
        let open = String(repeating: "[", count: 40)
        let close = String(repeating: "]", count: 40)
        #expect(read("a: &a \(open)x\(close)\nb: \(open)*a\(close)\n").diagnostics.map(\.code) == [.tooDeep])
    }

    @Test func `a line of very many tags takes linear time`() {
        let started = ContinuousClock.now
        let reader = read("a: [" + String(repeating: "!!str x,", count: 90_000) + "]")
        #expect(reader.diagnostics.isEmpty)
        #expect(ContinuousClock.now - started < .seconds(10))
    }
}
