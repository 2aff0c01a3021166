extension Report {
    /// The text as people read it, then workflow commands that GitHub shows beside the lines of a pull request.
    var github: String {
        let shown = ([.error, .warning] as [Diagnostic.Severity]).flatMap { severity in
            diagnostics.filter { $0.severity == severity }.prefix(WorkflowCommand.annotationsMax)
        }
        var lines = WorkflowCommand.muted(text)
        lines += shown.map(annotation)
        if shown.count < diagnostics.count {
            let all = diagnostics.reduce(0) { $0 + $1.count }
            let told = shown.reduce(0) { $0 + $1.count }
            lines.append(
                "\(all - told) of \(all) findings have no annotation: "
                    + "GitHub shows \(WorkflowCommand.annotationsMax) errors and \(WorkflowCommand.annotationsMax) warnings of a step")
        }
        return lines.joined(separator: "\n")
    }

    private func annotation(_ diagnostic: Diagnostic) -> String {
        var properties: [(String, String)] = []
        if let place = diagnostic.place {
            let (line, column) = (place.position.line, place.position.column)
            properties = [
                ("file", repositoryPath(place.path)), ("line", "\(line)"), ("endLine", "\(line)"),
                ("col", "\(column)"), ("endColumn", "\(column + diagnostic.length)"),
            ]
        }
        properties.append(("title", "\(diagnostic.code.rawValue) \(diagnostic.code.title)"))
        let message = diagnostic.message + (diagnostic.hint.map { "\nhint: \($0)" } ?? "")
        return WorkflowCommand.line(diagnostic.severity.rawValue, properties, message)
    }
}
