internal import Spec

/// The last commit that was found sound, kept so that reading the next one costs what it changes.
///
/// A mistake can only be in what a change touches or in what depends on that, since the commit before had none.
struct KnownCommit: Sendable {
    private(set) var desired: DesiredState
    private var corpus: Corpus
    private var keys: [String: [ResourceKey]]

    /// Of so many changed files on, a part of the whole is no longer cheaper than the whole.
    private static let changesMax = 1000

    init(_ desired: DesiredState, _ files: [SourceFile]) {
        self.desired = desired
        corpus = Corpus(files)
        keys = Dictionary(grouping: desired.resources.values.filter { $0.place != nil }) { $0.place?.path ?? "" }
            .mapValues { $0.map(\.key) }
    }

    /// From now on changes count from this commit, which is in the database.
    mutating func wasApplied() { desired.change = DesiredChange(since: desired.commit.id) }

    /// Reads a commit by what it changes, and keeps it when it is sound; nil when the whole has to be read.
    mutating func read(
        _ commit: Commit, in repository: GitRepository, limits: GitLimits
    ) throws(GitError) -> CommitReading? {
        guard desired.change != nil else { return nil }
        let differing = try repository.changedPaths(from: desired.commit.tree, to: commit.tree)
        guard differing.count <= Self.changesMax else { return nil }
        let reading = try repository.files(ofTree: commit.tree, since: desired.commit.tree, limits: limits)
        let written = reading.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }
        var corpus = self.corpus
        let removed = Set(differing.subtracting(written.map(\.path)).filter { self.corpus[$0] != nil })
        let paths = removed.union(written.map(\.path))
        let before = paths.compactMap { self.corpus[$0] }
        corpus.update(written: written, removed: removed)
        guard corpus.files.count <= limits.reading.filesMax, corpus.byteCount <= limits.reading.bytesMax else { return nil }
        let check = DeclarationCheck(
            FileChanges(paths: paths, before: before), in: corpus, refusals: reading.refusals)
        if check.errorCount > 0 { return .rejected(Rejection(commit: commit, diagnostics: check.diagnostics)) }
        take(check, commit, touched: paths.union(paths.flatMap { corpus.paths(under: $0) }))
        for path in removed { desired.blobs[path] = nil }
        for file in reading.files { desired.blobs[file.path] = file.blob }
        self.corpus = corpus
        return .sound(desired)
    }

    private mutating func take(_ check: DeclarationCheck, _ commit: Commit, touched: Set<String>) {
        var changed: Set<ResourceKey> = []
        for path in touched {
            for key in keys.removeValue(forKey: path) ?? [] {
                desired.resources[key] = nil
                changed.insert(key)
            }
        }
        for (key, resource) in check.declarations.resources {
            guard let path = resource.place?.path, touched.contains(path) else { continue }
            desired.resources[key] = resource
            keys[path, default: []].append(key)
            changed.insert(key)
            for name in resource.metadata.previousNames {
                changed.insert(ResourceKey(org: key.org, kind: key.kind, name: name))
            }
        }
        let judged = Set(check.paths)
        desired.commit = commit
        desired.fileCount = check.wholeCount
        desired.warnings =
            (desired.warnings.filter { $0.place.map { !judged.contains($0.path) } ?? true } + check.diagnostics)
            .sorted(by: Diagnostic.precedes)
        // A change of the rules has everything read, so that none found there means that there are none.
        if changed.contains(where: { $0.kind == .repository }) { desired.repository = check.declarations.repository }
        desired.change?.keys.formUnion(changed)
        desired.change?.paths.formUnion(touched)
    }
}
