extension Report {
    /// Every finding with its line and caret, then the notes and what was counted.
    var text: String {
        diagnostics.map { Rendering.text($0) + "\n\n" }.joined() + notes.map { "note: \($0)\n" }.joined() + tally
    }

    /// `2 errors, 1 warning in 12 files, 30 resources`.
    var tally: String {
        "\(Rendering.tally(diagnostics)) in \(paths.count) \(paths.count == 1 ? "file" : "files"), "
            + "\(resourceCount) \(resourceCount == 1 ? "resource" : "resources")"
    }
}
