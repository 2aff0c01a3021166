import Testing

@testable import Spec

@Suite struct JSONTests {
    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "+1", "tru", "nul", "'a'", "\"a", "\"\\x\"",
        "\"\\ud800\"", "\"\\udc00\"", "\"\u{1}\"",
        "{} {}", "{a:1}", "\"\\u00g0\"", "\"\\u+041\"", "NaN", "-", "1e", "[1 2]", "\u{FEFF}{}",
    ]) func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONProblem.self) { try JSONReader.parse(text) }
    }

    @Test func `escapes and numbers are read`() throws {
        let node = try JSONReader.parse(" {\"a\\n\\u00e9\\ud83d\\ude00\\/\": [-1.5e+3, 0, true, null, \"x\"]} ")
        guard case .mapping(let entries) = node.content, case .sequence(let items)? = entries.first?.value.content
        else {
            Issue.record("no mapping of a list")
            return
        }
        #expect(entries.map(\.key) == ["a\né😀/"])
        let scalars = items.compactMap { item in if case .scalar(let scalar) = item.content { scalar } else { nil } }
        #expect(scalars.map(\.text) == ["-1.5e+3", "0", "true", "null", "x"])
        #expect(scalars.map(\.type) == [.float, .integer, .boolean, .null, .string])
    }

    @Test func `depth is bounded`() {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(throws: JSONProblem.self) { try JSONReader.parse(deep) }
    }

    @Test func `the writer sorts keys and escapes only what must be`() throws {
        let value = CanonicalJSON.object([
            .init("b", .list([.integer(-1), .boolean(true)])), .init("a", .string("\"\\\n\t\u{1}é😀/")),
            .init("B", .object([])),
        ])
        #expect(value.text == "{\"B\":{},\"a\":\"\\\"\\\\\\n\\t\\u0001é😀/\",\"b\":[-1,true]}")
        #expect(throws: Never.self) { try JSONReader.parse(value.text) }
    }
}
