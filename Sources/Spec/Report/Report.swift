/// The outcome of a validation, to be written in any format; a value that knows no file, clock or terminal.
package struct Report: Sendable {
    /// By path and position; paths count from the root of the declarations.
    package var diagnostics: [Diagnostic]
    /// Every file that was judged, in order.
    package var paths: [String]
    /// Files in all, those included that nobody asked about.
    package var wholeCount: Int
    /// Resources that were read without a mistake of their own.
    package var resourceCount: Int
    /// What the reader should know beside the findings, each one line.
    package var notes: [String]
    /// What leads from the repository's root to that of the declarations: empty, or ending in `/`.
    ///
    /// Services that show findings beside a diff know files by their path in the repository.
    package var prefix: String
    /// The version of the program.
    package var version: String

    package init(
        diagnostics: [Diagnostic], paths: [String], wholeCount: Int? = nil, resourceCount: Int, notes: [String] = [],
        prefix: String = "",
        version: String
    ) {
        self.diagnostics = diagnostics
        self.paths = paths
        self.wholeCount = wholeCount ?? paths.count
        self.resourceCount = resourceCount
        self.notes = notes
        self.prefix = prefix
        self.version = version
    }

    package var errorCount: Int { diagnostics.count(of: .error) }
    package var warningCount: Int { diagnostics.count(of: .warning) }

    /// The whole report; without a final line break where the format has none of its own.
    package func rendered(as format: ReportFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        case .github: github
        case .sarif: sarif
        case .gitlab: gitLab
        case .junit: jUnit
        case .rdjson: rdjson
        }
    }

    /// The path by which the repository knows a file.
    func repositoryPath(_ path: String) -> String { prefix + path }

    /// What the program is called in formats that name it.
    static let tool = "charter"
}
