extension YAMLReader {
    mutating func report(
        _ code: DiagnosticCode, _ extent: Extent, _ message: String, hint: String?, related: [(Extent, String)] = []
    ) {
        findings.add(
            Diagnostic(
                code, at: place(extent), length: extent.length, message, hint: hint,
                related: related.map { (place($0.0), $0.1) }))
    }

    /// The character that begins a key and only looks like its indentation.
    static func leadingSpace(of key: String) -> Unicode.Scalar? {
        guard let first = key.utf8.first, first >= 0x80, let scalar = key.unicodeScalars.first,
            scalar.properties.generalCategory == .spaceSeparator
        else { return nil }
        return scalar
    }

    /// Whether nothing but spaces stands before it.
    mutating func beginsLine(_ extent: Extent) -> Bool {
        let lines = cutLines()
        guard lines.indices.contains(extent.position.line - 1) else { return false }
        return lines[extent.position.line - 1].prefix(extent.position.column - 1).allSatisfy { $0 == 0x20 }
    }

    /// Says so of the first such line; where it belongs is not known, so that nothing is missing around it.
    mutating func reportIndent(_ space: Unicode.Scalar, _ extent: Extent) {
        let last = frames.count - 1
        frames[last].key = .broken
        frames[last].doubtLast(at: extent)
        guard !hasToldOfIndent else { return }
        hasToldOfIndent = true
        report(
            .characterConfusable, Extent(position: extent.position, length: 1),
            Lookalikes.sentence(asIndent: space), hint: "indent with ordinary spaces, here and in the lines below")
    }

    mutating func fail(_ code: DiagnosticCode, _ extent: Extent, _ message: String, hint: String?) {
        report(code, extent, message, hint: hint)
        isIncomplete = true
    }

    /// Always false: reading stops.
    mutating func failOfDepth(_ extent: Extent) -> Bool {
        fail(.tooDeep, extent, "lists and mappings are nested more than \(limits.depthMax) deep", hint: nil)
        return false
    }

    mutating func fail(_ problem: YAMLSyntaxProblem) {
        if let marker = conflictMarker() {
            return fail(
                .yamlSyntax, marker, "a conflict of a merge is not resolved here",
                hint: "keep what is right of both sides, and remove the lines with the marks")
        }
        if problem.message == "found unexpected end of stream", let context = problem.context,
            context.message == "while scanning a quoted scalar"
        {
            return fail(
                .yamlSyntax, Extent(position: context.position, length: 1), "the text in quotes that begins here has no end",
                hint: "close it with the same quote")
        }
        // libyaml speaks of lines beyond the last when the text ends too early.
        let last = SourceText.lastPosition(of: text) ?? Extent.start.position
        let position = min(last, problem.position)
        let isKeyTooLong = isKeyTooLong(problem)
        var related: [(Extent, String)] = []
        if let context = problem.context, min(last, context.position) != position {
            related = [(Extent(position: min(last, context.position), length: 1), context.message)]
        }
        report(
            .yamlSyntax, Extent(position: position, length: 1),
            isKeyTooLong ? "a key has more than \(Self.keyCharactersMax) characters" : problem.message,
            hint: isKeyTooLong ? "shorten it; text that is no key and has `: ` in it needs quotes" : hint(for: problem),
            related: related)
        isIncomplete = true
    }

    /// YAML 1.2.2, section 7.4.2: a key without `? ` must be this short and end on its line.
    private static let keyCharactersMax = 1024

    private mutating func isKeyTooLong(_ problem: YAMLSyntaxProblem) -> Bool {
        guard Self.problemsOfLongKeys.contains(problem.message) else { return false }
        let lines = cutLines()
        let last = min(problem.position.line, lines.count)
        return lines[max(0, last - 2)..<last].contains { $0.count > Self.keyCharactersMax }
    }

    private static let problemsOfLongKeys: Set<String> = [
        "could not find expected ':'", "did not find expected ',' or '}'", "mapping values are not allowed in this context",
    ]

    /// The line with which Git marks one side of a conflict; where it stands, nothing can be read.
    private mutating func conflictMarker() -> Extent? {
        let marks = [UInt8(ascii: "<"), UInt8(ascii: ">")].map { Array(repeating: $0, count: Self.conflictMarkLength) }
        for (index, line) in cutLines().enumerated() where marks.contains(where: line.starts) {
            let after = line.dropFirst(Self.conflictMarkLength).first
            guard after == nil || after == UInt8(ascii: " ") else { continue }
            return Extent(position: Position(line: index + 1, column: 1), length: Self.conflictMarkLength)
        }
        return nil
    }

    /// gitattributes(5), `conflict-marker-size`.
    private static let conflictMarkLength = 7

    private mutating func hint(for problem: YAMLSyntaxProblem) -> String? {
        if let space = scalar(at: problem.position), space.properties.generalCategory == .spaceSeparator, space != " " {
            return Lookalikes.sentence(asIndent: space) + "; write ordinary spaces"
        }
        guard problem.message == "found character that cannot start any token" else { return Self.hints[problem.message] }
        return byte(at: problem.position) == 0x09
            ? "indent with spaces, not tabs" : "put text that begins with @, ` or % in quotes"
    }

    /// Only to be asked of a column with nothing but ASCII before it, as where a token begins.
    private mutating func byte(at position: Position) -> UInt8? {
        let lines = cutLines()
        guard lines.indices.contains(position.line - 1) else { return nil }
        return lines[position.line - 1].dropFirst(position.column - 1).first
    }

    private mutating func scalar(at position: Position) -> Unicode.Scalar? {
        let lines = cutLines()
        guard lines.indices.contains(position.line - 1) else { return nil }
        return String(decoding: lines[position.line - 1], as: UTF8.self).unicodeScalars.dropFirst(position.column - 1).first
    }

    /// By libyaml's words.
    private static let hints = [
        "mapping values are not allowed in this context":
            "put text that contains \": \" in quotes, or check the indentation of this line",
        "could not find expected ':'": "every line of a mapping is `name: value`",
        "did not find expected key": "check the indentation of this line",
        "did not find expected ',' or '}'": "put `,` between fields, and `}` after the last one",
        "did not find expected ',' or ']'": "put `,` between items, and `]` after the last one",
        "did not find expected '-' indicator": "check the indentation of this line; each item of a list is after `- `",
        "did not find expected node content": "a value is missing; text that is or begins with a sign of YAML needs quotes",
        "did not find expected alphabetic or numeric character": "text that begins with `*` or `&` needs quotes",
        "did not find expected comment or line break": "the text begins on the line after `|` or `>`",
        "did not find expected <document start>": "put a line `---` before this one",
        "found a tab character where an indentation space is expected": "indent with spaces, not tabs",
        "found a tab character that violates indentation": "indent with spaces, not tabs",
        "found unknown escape character":
            "in double quotes `\\` begins an escape: write it twice, or use single quotes",
        "found invalid Unicode character escape code":
            "write the character itself; YAML has no pairs of escapes for one character, as JSON has",
        "did not find expected hexadecimal number": "an escape has two, four or eight digits: `\\x41`, `\\u00e9`, `\\U0001f600`",
        "found incompatible YAML document": "this is read as YAML 1.2; remove the line",
        "found unknown directive name": "remove the line; text that begins with % needs quotes",
        "found undefined tag handle": "leave the tag out; text that begins with ! needs quotes",
        "found unexpected document indicator": "close the quotes before this line, or indent it",
    ]

    private func place(_ extent: Extent) -> Place { Place(path: path, position: extent.position) }

    mutating func cutLines() -> [ArraySlice<UInt8>] {
        if let lines { return lines }
        let cut = SourceText.lines(of: text)
        lines = cut
        return cut
    }
}
