internal import Policy
package import Spec

/// Everything that can be said of a set of files without a database: parsed, decoded, validated and compiled.
package struct DeclarationCheck: Sendable {
    package var declarations: Declarations
    /// By path and position, those of the compiled whole included.
    package var diagnostics: [Diagnostic]
    /// Of every file that was read, in order.
    package var paths: [String]

    package var fileCount: Int { paths.count }
    package var errorCount: Int { diagnostics.count { $0.severity == .error } }
    package var warningCount: Int { diagnostics.count { $0.severity == .warning } }

    package init(files: [SourceFile], refusals: [PathRefusal]) {
        paths = files.map(\.path)
        declarations = Specification.load(files)
        let refused = refusals.map(\.diagnostic)
        var compiled: [Diagnostic]?
        // What does not decode cannot be compiled, and would only be complained of twice.
        if refused.isEmpty && !declarations.hasErrors {
            let resources = declarations.resources.values.sorted { $0.key < $1.key }
            compiled = Snapshot.compile(
                resources.map(GovernedResource.init(unapplied:)),
                revision: RevisionIdentity(id: 0, commit: "", stateDigest: ""),
                disclosure: declarations.repository.disclosure
            ).1
        }
        let found = declarations.judged(compiled: compiled) + refused
        diagnostics = SourceLines(files).attach(to: found).sorted(by: Diagnostic.precedes)
    }
}

extension PathRefusal {
    fileprivate var diagnostic: Diagnostic {
        Diagnostic(.pathRefused, at: Place(path: path, position: Position(line: 1, column: 1)), "not read: \(reason)")
    }
}
