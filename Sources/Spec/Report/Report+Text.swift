extension Report {
    /// Every finding with its line and caret, then the notes and what was counted.
    var text: String {
        diagnostics.map { Rendering.text($0) + "\n\n" }.joined() + notes.map { "note: \($0)\n" }.joined() + tally
    }

    /// `2 errors, 1 warning in 12 files, 30 resources`, or `… in 12 of 400 files, …`.
    var tally: String {
        let files = paths.count == wholeCount ? "\(paths.count)" : "\(paths.count) of \(wholeCount)"
        return "\(Rendering.tally(diagnostics)) in \(files) \(wholeCount == 1 ? "file" : "files"), "
            + "\(resourceCount) \(resourceCount == 1 ? "resource" : "resources")"
    }
}
