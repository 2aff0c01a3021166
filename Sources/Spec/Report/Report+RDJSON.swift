extension Report {
    /// Reviewdog's diagnostic format, `DiagnosticResult` of `proto/rdf/reviewdog.proto`: lines and columns count from 1,
    /// columns in bytes of UTF-8, and the end is exclusive.
    var rdjson: String {
        var text = JSONText(.printable, capacity: 1024 + diagnostics.count * 512)
        text.object { text in
            text.object("source") { $0.member("name", Self.tool) }
            text.member("severity", errorCount > 0 ? "ERROR" : "WARNING")
            text.array("diagnostics") { text in
                for diagnostic in diagnostics { text.object { write(diagnostic, to: &$0) } }
            }
        }
        return text.json
    }

    private func write(_ diagnostic: Diagnostic, to text: inout JSONText) {
        text.member("message", diagnostic.message + (diagnostic.hint.map { "\nhint: \($0)" } ?? ""))
        text.object("location") { text in
            text.member("path", repositoryPath(diagnostic.place?.path ?? SourceFile.rulesPath))
            if let place = diagnostic.place {
                text.object("range") { writeRange(of: diagnostic, at: place, to: &$0) }
            }
        }
        text.member("severity", diagnostic.severity == .error ? "ERROR" : "WARNING")
        text.object("code") { $0.member("value", diagnostic.code.rawValue) }
        if let fix = diagnostic.fix, let place = diagnostic.place {
            text.array("suggestions") { text in
                text.object { text in
                    text.object("range") { writeRange(of: diagnostic, at: place, to: &$0) }
                    text.member("text", fix.text)
                }
            }
        }
    }

    private func writeRange(of diagnostic: Diagnostic, at place: Place, to text: inout JSONText) {
        let bytes = SourceColumns(
            diagnostic.sourceLine ?? "", column: place.position.column, length: diagnostic.length
        ).bytes
        for (name, offset) in [("start", bytes.lowerBound), ("end", bytes.upperBound)] {
            text.object(name) { text in
                text.member("line", Int64(place.position.line))
                text.member("column", Int64(offset + 1))
            }
        }
    }
}
