internal import Spec

/// What the commit of a proposal makes of resources, by their canonical texts before and after it; a value.
struct ProposedTexts {
    private let before: [ResourceKey: String]
    private let after: [ResourceKey: String]

    /// Nil where the commit is not here any more, or is the first of its branch.
    init?(by proposal: ObjectID, in repository: GitRepository) throws {
        guard let commit = try repository.commitIfPresent(proposal), let id = commit.firstParent, let parent = try repository.commitIfPresent(id)
        else { return nil }
        let paths = try repository.changedPaths(from: parent.tree, to: commit.tree).filter { SourceFile.isRead($0) }
        before = try Self.texts(of: paths, at: parent.id, in: repository)
        after = try Self.texts(of: paths, at: commit.id, in: repository)
    }

    private static func texts(of paths: Set<String>, at commit: ObjectID, in repository: GitRepository) throws -> [ResourceKey: String] {
        let wanted = paths.union(paths.flatMap(SourceFile.folderDefaultsPaths))
        let files = try wanted.sorted().compactMap { path in
            try repository.bytes(at: path, inCommit: commit).map { SourceFile(path: path, bytes: $0) }
        }
        return Specification.load(files).resources.mapValues(\.canonical)
    }

    /// Whether some field is yet what it was before the commit; one that says a third thing was changed again by whoever merged it.
    func isMissing(from resources: [ResourceKey: Resource]) -> Bool {
        Set(before.keys).union(after.keys).contains { key in
            ThreeWay.compare(base: before[key], desired: after[key], actual: resources[key]?.canonical).contains { $0.verdict == .pending }
        }
    }
}
