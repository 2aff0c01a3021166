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
    package var errorCount: Int { diagnostics.count(of: .error) }
    package var warningCount: Int { diagnostics.count(of: .warning) }

    /// `now` lets warnings speak of keys that have expired or soon will.
    package init(files: [SourceFile], refusals: [PathRefusal], now: Instant? = nil) {
        ProgressBoard.begin(.checking, of: files.count)
        declarations = Specification.load(files, unread: Self.unread(refusals), now: now)
        paths = files.map(\.path)
        wholeCount = files.count
        diagnostics = []
        judge(refusals, refusals, SourceLines(files)) { _ in true }
    }

    /// Of what a change touches, and what depends on it.
    package init(files: [SourceFile], refusals: [PathRefusal], change: FileChanges, now: Instant? = nil) {
        // What may hide a declaration concerns every change; a file that is not Charter's at all, its own alone.
        let shown = refusals.filter { $0.isError || change.paths.contains($0.path) }
        self.init(change, in: Corpus(files), refusals: refusals, shown: shown, now: now)
    }

    /// The same of files that are known already; `shown` are the refusals that are told of, nil for all of them.
    init(
        _ change: FileChanges, in corpus: Corpus, refusals: [PathRefusal], shown: [PathRefusal]? = nil,
        now: Instant? = nil
    ) {
        let unread = Self.unread(refusals)
        let selection = Selection(of: change, in: corpus.missing(unread))
        declarations = Specification.compose(selection, unread: unread, now: now)
        paths = selection.concerned
        wholeCount = corpus.files.count
        diagnostics = []
        judge(refusals, shown ?? refusals, SourceLines(selection.sources), selection.shows)
    }

    package static func unread(_ refusals: [PathRefusal]) -> [String] { refusals.filter(\.isError).map(\.path) }

    private mutating func judge(
        _ refusals: [PathRefusal], _ shown: [PathRefusal], _ lines: SourceLines, _ isShown: (Diagnostic) -> Bool
    ) {
        let refused = shown.map(\.diagnostic)
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
        diagnostics = lines.attach(to: found.sorted(by: Diagnostic.precedes).listed()).sorted(by: Diagnostic.precedes)
    }
}
