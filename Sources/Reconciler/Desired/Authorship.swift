internal import Spec
internal import Store

/// Finds who changed each resource that has no file of its own: it shares one, or has defaults of the folders above.
///
/// Looks at the resource before each change of the files that it is read from.
struct Authorship {
    /// What the resources of each such file say at the tip; nil for one that is gone.
    private var wanted: [String: [ResourceKey: String?]] = [:]
    /// Files of defaults that changed.
    private let defaults: Set<String>

    init(desired: DesiredState, applied: AppliedState, touched: Set<String>) {
        defaults = touched.filter(SourceFile.holdsFolderDefaults)
        let before = Dictionary(applied.applied.values.map { ($0.key, $0.canonical) }) { first, _ in first }
        var documents: [String: [ResourceKey: String?]] = [:]
        for row in applied.provenance where touched.contains(row.value.path) {
            guard let key = applied.applied[row.key]?.key, desired.resources[key] == nil else { continue }
            documents[row.value.path, default: [:]][key] = .some(nil)
        }
        for resource in desired.resources.values {
            guard let path = resource.place?.path else { continue }
            let isReread = !defaults.isEmpty && before[resource.key] != resource.canonical && !defaults(above: path).isEmpty
            guard touched.contains(path) || isReread else { continue }
            documents[path, default: [:]][resource.key] = resource.canonical
        }
        wanted = documents.filter { $0.value.count > 1 || !defaults(above: $0.key).isEmpty }
    }

    /// The files whose every change must be known.
    var sharedPaths: Set<String> { wanted.isEmpty ? [] : defaults.union(wanted.keys) }

    /// For each such resource, the newest commit after which it reads otherwise than before.
    func commits(of walk: CommitWalk, in repository: GitRepository) throws(GitError) -> [ResourceKey: Commit] {
        var found: [ResourceKey: Commit] = [:]
        for (path, resources) in wanted {
            var unsettled = resources
            let touches = walk.touches(ofAny: [path] + defaults(above: path))
            for commit in touches where !unsettled.isEmpty {
                let before = try Self.texts(of: path, before: commit, in: repository)
                for (key, text) in unsettled where before[key] != text {
                    found[key] = commit
                    unsettled[key] = nil
                }
            }
            for key in unsettled.keys { found[key] = touches.last }
        }
        return found
    }

    private func defaults(above path: String) -> [String] {
        SourceFile.folderDefaultsPaths(above: path).filter(defaults.contains)
    }

    /// What the resources of a file said before a commit, with the defaults of their folders.
    static func texts(
        of path: String, before commit: Commit, in repository: GitRepository
    ) throws(GitError) -> [ResourceKey: String] {
        guard let parent = commit.firstParent else { return [:] }
        var files: [SourceFile] = []
        for path in [path] + SourceFile.folderDefaultsPaths(above: path) {
            guard let bytes = try repository.bytes(at: path, inCommit: parent) else { continue }
            files.append(SourceFile(path: path, bytes: bytes))
        }
        return Specification.load(files).resources.mapValues(\.canonical)
    }
}
