import Testing

@testable import Spec

@Suite struct RenderingTests {
    private func lines(_ source: String, column: Int, length: Int) -> [String] {
        let excerpt = Excerpt(source, column: column, length: length)
        return [excerpt.line, excerpt.caret]
    }

    @Test func `the caret covers the value`() {
        #expect(lines("a: bcd", column: 4, length: 3) == ["a: bcd", "   ^~~"])
        #expect(lines("a: bcd", column: 7, length: 1) == ["a: bcd", "      ^"])
        #expect(lines("", column: 1, length: 5) == ["", "^"])
        #expect(lines("a", column: 99, length: 99) == ["a", " ^"])
    }

    @Test func `tabs stay tabs, wide characters take two columns and marks none`() {
        #expect(lines("\ta: b", column: 5, length: 1) == ["\ta: b", "\t   ^"])
        #expect(lines("日本: x", column: 5, length: 1) == ["日本: x", "      ^"])
        #expect(lines("e\u{301}: 日", column: 5, length: 1) == ["e\u{301}: 日", "   ^~"])
    }

    @Test func `control characters do not reach the terminal`() {
        #expect(lines("a\u{1B}[31m", column: 1, length: 1)[0] == "a?[31m")
        #expect(lines("\u{202E}a: b", column: 5, length: 1) == ["?a: b", "    ^"])
        let place = Place(path: "a\u{1B}b.yaml", position: Position(line: 1, column: 1))
        let diagnostic = Diagnostic(.nameInvalid, at: place, "`\u{1B}[31m\u{202E}` is not a name")
        #expect(
            Rendering.text(diagnostic) == "a\u{fffd}b.yaml:1:1: error: `\u{fffd}[31m\u{fffd}` is not a name [CH1024]")
    }

    @Test func `what a message quotes is cut`() {
        let diagnostic = Diagnostic(.fieldUnknown, at: nil, "unknown field `\(String(repeating: "a", count: 100_000))`")
        #expect(diagnostic.message.count < 500 && diagnostic.message.hasSuffix("…"))
    }

    @Test func `of a long line the part around the caret is shown`() {
        let shown = lines(
            String(repeating: "x", count: 5000) + "HERE" + String(repeating: "y", count: 5000), column: 5001, length: 4)
        #expect(shown[0].count <= Rendering.lineColumnsMax + 2)
        #expect(shown[0].contains("HERE") && shown[0].hasPrefix("…") && shown[0].hasSuffix("…"))
        let start = shown[0].distance(from: shown[0].startIndex, to: shown[0].firstIndex(of: "H") ?? shown[0].endIndex)
        #expect(shown[1] == String(repeating: " ", count: start) + "^~~~")
    }

    @Test func `a diagnostic without a place is one line`() {
        #expect(Rendering.text(Diagnostic(.jsonSyntax, at: nil, "bad")) == "error: bad [CH1012]")
        #expect(Rendering.text([Diagnostic]()).isEmpty)
    }

    @Test(
        arguments: [
            ("limit", "limits"), ("Scopes", "scopes"), ("scpoes", "scopes"), ("xyz", nil), ("zoom", nil),
            ("hrad", "hard"),
            ("", nil), ("a", nil),
        ] as [(String, String?)]) func `what is near is suggested, and nothing else`(word: String, meant: String?)
    {
        #expect(Suggestion.nearest(to: word, among: ["limits", "scopes", "hard", "zone"]) == meant)
    }
}
