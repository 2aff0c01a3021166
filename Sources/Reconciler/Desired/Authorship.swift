internal import Spec
internal import Store

/// Finds who changed each document of a file that holds several, by looking at the file before each change.
struct Authorship {
    /// What the resources of each shared file say at the tip; nil for one that is gone.
    private var wanted: [String: [ResourceKey: String?]] = [:]

    init(desired: DesiredState, applied: AppliedState, touched: Set<String>) {
        var documents: [String: [ResourceKey: String?]] = [:]
        for row in applied.provenance where touched.contains(row.value.path) {
            guard let key = applied.applied[row.key]?.key, desired.resources[key] == nil else { continue }
            documents[row.value.path, default: [:]][key] = .some(nil)
        }
        for resource in desired.resources.values {
            guard let path = resource.place?.path, touched.contains(path) else { continue }
            documents[path, default: [:]][resource.key] = resource.canonical
        }
        wanted = documents.filter { $0.value.count > 1 }
    }

    /// The files whose every change must be known.
    var sharedPaths: Set<String> { Set(wanted.keys) }

    /// For each resource of a shared file, the newest commit after which it reads otherwise than before.
    func commits(of walk: CommitWalk, in repository: GitRepository) throws(GitError) -> [ResourceKey: Commit] {
        var found: [ResourceKey: Commit] = [:]
        for (path, resources) in wanted {
            var unsettled = resources
            for commit in walk.touches[path] ?? [] where !unsettled.isEmpty {
                let before = try Self.texts(of: path, before: commit, in: repository)
                for (key, text) in unsettled where before[key] != text {
                    found[key] = commit
                    unsettled[key] = nil
                }
            }
            for key in unsettled.keys { found[key] = walk.touches[path]?.last }
        }
        return found
    }

    private static func texts(
        of path: String, before commit: Commit, in repository: GitRepository
    ) throws(GitError) -> [ResourceKey: String] {
        guard let parent = commit.firstParent, let bytes = try repository.bytes(at: path, inCommit: parent) else {
            return [:]
        }
        return Specification.load([SourceFile(path: path, bytes: bytes)]).resources.mapValues(\.canonical)
    }
}
