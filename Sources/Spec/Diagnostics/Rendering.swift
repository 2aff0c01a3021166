/// How a diagnostic is shown.
package enum Rendering {
    /// Columns of a source line that are shown; of longer ones, the part around the caret.
    static let lineColumnsMax = 160

    /// `path:line:col: error: message [CH1042]`, then the source line, a caret line, the hint and the related places;
    /// without a final break.
    package static func text(_ diagnostic: Diagnostic) -> String {
        var lines = [head(diagnostic)]
        if let place = diagnostic.place, let source = diagnostic.sourceLine {
            let excerpt = Excerpt(source, column: place.position.column, length: diagnostic.length)
            lines += ["    " + excerpt.line, "    " + excerpt.caret]
        }
        if let hint = diagnostic.hint { lines.append("    hint: \(hint)") }
        for (place, message) in diagnostic.related { lines.append("    \(place): note: \(message)".printable) }
        return lines.joined(separator: "\n")
    }

    /// All of them, a blank line between each two, and a line that counts them; empty when there are none.
    package static func text(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        return diagnostics.map { text($0) }.joined(separator: "\n\n") + "\n\n" + tally(diagnostics) + "\n"
    }

    /// `2 errors, 1 warning`.
    package static func tally(_ diagnostics: [Diagnostic]) -> String {
        count(diagnostics.count(of: .error), "error") + ", " + count(diagnostics.count(of: .warning), "warning")
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static func head(_ diagnostic: Diagnostic) -> String {
        let place = diagnostic.place.map { "\($0): ".printable } ?? ""
        return "\(place)\(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.code.rawValue)]"
    }
}
