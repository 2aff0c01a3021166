extension Report {
    /// Annotations of each severity that GitHub keeps of one step; it drops the rest without a word.
    private static let annotationsMax = 10

    /// The text as people read it, then workflow commands that GitHub shows beside the lines of a pull request.
    var github: String {
        // The text quotes lines of strangers, and the runner obeys commands in any line of the log: it is told to
        // obey none until it reads this token, which no quoted text can know.
        let token = Fingerprint([text]).hex
        let shown = ([.error, .warning] as [Diagnostic.Severity]).flatMap { severity in
            diagnostics.filter { $0.severity == severity }.prefix(Self.annotationsMax)
        }
        var lines = ["::stop-commands::\(token)", text, "::\(token)::"]
        lines += shown.map(annotation)
        if shown.count < diagnostics.count {
            lines.append(
                "\(diagnostics.count - shown.count) of \(diagnostics.count) findings have no annotation: "
                    + "GitHub shows \(Self.annotationsMax) errors and \(Self.annotationsMax) warnings of a step")
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
        let list = properties.map { "\($0.0)=\(WorkflowCommand.escaped(property: $0.1))" }.joined(separator: ",")
        let message = diagnostic.message + (diagnostic.hint.map { "\nhint: \($0)" } ?? "")
        return "::\(diagnostic.severity.rawValue) \(list)::\(WorkflowCommand.escaped(data: message))"
    }
}

/// The escapes of GitHub's workflow commands (`actions/toolkit`, `command.ts`).
private enum WorkflowCommand {
    static func escaped(data: String) -> String { escaped(data, ["%": "%25", "\r": "%0D", "\n": "%0A"]) }

    static func escaped(property: String) -> String {
        escaped(property, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    private static func escaped(_ text: String, _ escapes: [Unicode.Scalar: String]) -> String {
        text.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
    }
}
