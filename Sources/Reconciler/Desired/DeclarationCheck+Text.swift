internal import Spec

extension DeclarationCheck {
    /// Every diagnostic with its line and caret, then what was counted.
    package var text: String {
        diagnostics.map { Rendering.text($0) + "\n\n" }.joined()
            + "\(Rendering.tally(diagnostics)) in \(fileCount) \(fileCount == 1 ? "file" : "files"), "
            + "\(declarations.resources.count) resources"
    }

    package var json: JSONValue {
        .object([
            ("format", .int(1)), ("files", .int(Int64(fileCount))),
            ("resources", .int(Int64(declarations.resources.count))), ("errors", .int(Int64(errorCount))),
            ("warnings", .int(Int64(warningCount))), ("diagnostics", .array(diagnostics.map(\.json))),
        ])
    }
}

extension Rejection {
    /// The errors as `charter validate` shows them; the warnings are counted.
    package var text: String {
        diagnostics.filter { $0.severity == .error }.map { Rendering.text($0) + "\n\n" }.joined()
            + "\(commit.id.short) \"\(commit.summary.printable)\" by \(commit.author.printable) is rejected: \(Rendering.tally(diagnostics)); nothing was changed"
    }
}
