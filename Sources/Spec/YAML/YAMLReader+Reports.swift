extension YAMLReader {
    mutating func report(
        _ code: DiagnosticCode, _ extent: Extent, _ message: String, hint: String?, related: [(Extent, String)] = []
    ) {
        diagnostics.append(
            Diagnostic(
                code, at: place(extent), length: extent.length, message, hint: hint,
                related: related.map { (place($0.0), $0.1) }))
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
            hint: isKeyTooLong ? "shorten it; text that is no key and has `: ` in it needs quotes" : Self.hint(for: problem),
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

    private static func hint(for problem: YAMLSyntaxProblem) -> String? {
        switch problem.message {
        case "found character that cannot start any token":
            "indent with spaces, not tabs; put text that begins with @, ` or % in quotes"
        case "mapping values are not allowed in this context": "put text that contains \": \" in quotes"
        case "could not find expected ':'": "every line of a mapping is `name: value`"
        case "did not find expected key": "check the indentation of this line"
        case "found incompatible YAML document": "this is read as YAML 1.2; remove the line"
        case "found unknown directive name": "remove the line; text that begins with % needs quotes"
        case "found undefined tag handle": "leave the tag out; text that begins with ! needs quotes"
        default: nil
        }
    }

    private func place(_ extent: Extent) -> Place { Place(path: path, position: extent.position) }

    mutating func cutLines() -> [ArraySlice<UInt8>] {
        if let lines { return lines }
        let cut = SourceText.lines(of: text)
        lines = cut
        return cut
    }
}
