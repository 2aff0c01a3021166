internal import Policy
package import Spec

/// Everything that can be said of a set of files without a database: parsed, decoded, validated and compiled.
package struct DeclarationCheck: Sendable {
    package var declarations: Declarations
    /// By path and position, those of the compiled whole included.
    package var diagnostics: [Diagnostic]
    /// Of every file that was judged, in order.
    package var paths: [String]
    /// Files in all, those included that a change did not concern.
    package var wholeCount: Int

    package var fileCount: Int { paths.count }
    package var errorCount: Int { diagnostics.count { $0.severity == .error } }
    package var warningCount: Int { diagnostics.count { $0.severity == .warning } }

    /// `now` lets warnings speak of keys that have expired or soon will.
    package init(files: [SourceFile], refusals: [PathRefusal], now: Instant? = nil) {
        declarations = Specification.load(files, unread: Self.unread(refusals), now: now)
        paths = files.map(\.path)
        wholeCount = files.count
        diagnostics = []
        judge(refusals, SourceLines(files)) { _ in true }
    }

    /// Of what a change touches, and what depends on it.
    package init(files: [SourceFile], refusals: [PathRefusal], change: FileChanges, now: Instant? = nil) {
        self.init(change, in: Corpus(files), refusals: refusals, now: now)
    }

    /// The same of files that are known already.
    init(_ change: FileChanges, in corpus: Corpus, refusals: [PathRefusal], now: Instant? = nil) {
        let selection = Selection(of: change, in: corpus)
        declarations = Specification.compose(selection, unread: Self.unread(refusals), now: now)
        paths = selection.concerned
        wholeCount = corpus.files.count
        diagnostics = []
        judge(refusals, SourceLines(selection.sources), selection.shows)
    }

    private static func unread(_ refusals: [PathRefusal]) -> [String] { refusals.filter(\.isError).map(\.path) }

    private mutating func judge(
        _ refusals: [PathRefusal], _ lines: SourceLines, _ isShown: (Diagnostic) -> Bool
    ) {
        let refused = refusals.map(\.diagnostic)
        var compiled: [Diagnostic]?
        // What does not decode cannot be compiled, and would only be complained of twice.
        if !refusals.contains(where: \.isError) && !declarations.hasErrors {
            let resources = declarations.resources
            compiled =
                Snapshot.compile(
                    resources.keys.sorted().compactMap { resources[$0].map(GovernedResource.init(unapplied:)) },
                    revision: RevisionIdentity(id: 0, commit: "", stateDigest: ""),
                    disclosure: declarations.repository.disclosure
                ).1
        }
        let found = declarations.judged(compiled: compiled).filter(isShown) + refused
        diagnostics = lines.attach(to: found).sorted(by: Diagnostic.precedes)
    }
}
