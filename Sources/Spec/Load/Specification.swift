/// The way from files to what they declare.
package struct Specification {
    /// Files that one task reads at once: enough to make the hand-over cheap.
    private static let filesPerTask = 32

    /// Parses, decodes and validates the whole, with all mistakes at once; on every core.
    ///
    /// `unread` are paths that could not be read, so that what is missing may be there. `now` lets warnings speak of keys
    /// that have expired. A pure function of its arguments.
    package static func load(
        _ files: [SourceFile], unread: [String] = [], now: Instant? = nil, limits: ReadingLimits = .standard
    ) -> Declarations {
        let read = files.filter { SourceFile.isRead($0.path) }
        let defaults = FolderDefaults(read, unread: unread, limits: limits)
        return compose(parse(read, under: defaults, limits: limits) + unread.map(ParsedFile.init(unread:)), now: now)
    }

    /// Each file by itself, in the order given.
    package static func parse(_ files: [SourceFile], limits: ReadingLimits = .standard) -> [ParsedFile] {
        parse(files, under: FolderDefaults(files, limits: limits), limits: limits)
    }

    /// The same under defaults that are known already.
    static func parse(_ files: [SourceFile], under defaults: FolderDefaults, limits: ReadingLimits) -> [ParsedFile] {
        files.mapConcurrently(perTask: filesPerTask) { ParsedFile($0, under: defaults, limits: limits) }
    }

    /// Validates the whole graph; `files` may hold ones parsed earlier.
    package static func compose(_ files: [ParsedFile], now: Instant? = nil) -> Declarations {
        let graph = Graph(files)
        let found = (files.flatMap(\.diagnostics) + graph.validate(now: now)).withoutEchoes
        var ignores = Ignores(files.flatMap(\.ignores))
        let heard = ignores.silence(found).sorted(by: Diagnostic.precedes).listed()
        return Declarations(
            resources: graph.resources, diagnostics: SourceLines(files).attach(to: heard).sorted(by: Diagnostic.precedes), ignores: ignores,
            unasked: DiagnosticCode.foundInPolicy.union(DiagnosticCode.foundByDate))
    }
}
