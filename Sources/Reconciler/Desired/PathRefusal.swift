package import Spec

/// A path of the repository that Charter does not read, and what its author is told.
package struct PathRefusal: Error, Hashable, Sendable {
    package var path: String
    package var code: DiagnosticCode
    package var message: String
    package var hint: String?

    /// Of what hides declarations, or could.
    package init(path: String, reason: String) {
        self.path = path
        code = .pathRefused
        message = "not read: \(reason)"
    }

    /// Of a file with more bytes than are read; nil when it has not. What the reader of YAML says of it as well.
    init?(path: String, byteCount: Int, limits: ReadingLimits) {
        guard let problem = limits.problem(ofByteCount: byteCount) else { return nil }
        self.path = path
        code = problem.code
        message = problem.message
        hint = problem.hint
    }

    /// Of a name that people take for one that is read, such as `key.YAML`.
    init(nearlyRead path: String) {
        self.path = path
        code = .suffixNotRead
        message = "not read: the names of YAML files end in `.yaml` or `.yml`, in lower case"
        hint = "rename it"
    }

    /// Whether it declares something that is missing now.
    var isError: Bool { code.severity == .error }

    var diagnostic: Diagnostic {
        Diagnostic(code, at: Place(path: path, position: Position(line: 1, column: 1)), message, hint: hint)
    }
}
