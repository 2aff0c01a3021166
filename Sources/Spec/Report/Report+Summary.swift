extension Report {
    /// Bytes of a job's summary: GitHub refuses one of more than 1 MiB whole, and other steps write to it too.
    private static let summaryBytesMax = 900_000

    /// The findings as a table of Markdown, for `$GITHUB_STEP_SUMMARY`.
    package var summary: String {
        var text = "### charter validate: \(Markdown.plain(tally))\n\n"
        text += notes.map { "> \(Markdown.plain($0))\n\n" }.joined()
        guard !diagnostics.isEmpty else { return text }
        text += "| | place | code | finding |\n|---|---|---|---|\n"
        for (index, diagnostic) in diagnostics.enumerated() {
            let row = row(diagnostic)
            if text.utf8.count + row.utf8.count > Self.summaryBytesMax {
                let left = diagnostics[index...].reduce(0) { $0 + $1.count }
                return text + "\n\(left) more findings are in the log.\n"
            }
            text += row
        }
        return text
    }

    private func row(_ diagnostic: Diagnostic) -> String {
        let place = diagnostic.place.map { "\(repositoryPath($0.path)):\($0.position.line)" } ?? ""
        let finding = diagnostic.message + (diagnostic.hint.map { "; \($0)" } ?? "")
        return "| \(diagnostic.severity.rawValue) | \(Markdown.plain(place)) | \(diagnostic.code.rawValue) | "
            + "\(Markdown.plain(finding)) |\n"
    }
}
