internal import CLibGit2
package import Spec

/// How a branch came from one commit to another.
package struct CommitWalk: Sendable {
    /// For each path asked for, the newest commit on the line of first parents that changed it.
    package var lastChange: [String: Commit] = [:]
    /// For each path followed, the commits that changed it, newest first, each with its distance from the tip.
    package var touches: [String: [(commit: Commit, distance: Int)]] = [:]
    /// Where a file holds several documents, the commit that changed this one last.
    package var lastChangeOfResource: [ResourceKey: Commit] = [:]
    /// False when the walk met the end of history without meeting the base: the branch was rewritten.
    package var metBase = false
}

extension CommitWalk {
    /// Who changed a resource last, as exactly as is known; nil when its file was not walked for.
    func origin(of key: ResourceKey, in path: String) -> Commit? { lastChangeOfResource[key] ?? lastChange[path] }

    /// The commits that changed any of the paths followed, newest first.
    func touches(ofAny paths: [String]) -> [Commit] {
        let all = paths.flatMap { touches[$0] ?? [] }.sorted { $0.distance < $1.distance }
        return all.indices.filter { $0 == 0 || all[$0].distance != all[$0 - 1].distance }.map { all[$0].commit }
    }
}

extension GitRepository {
    /// Walks first parents from `tip` towards `base` and names the commit that last changed each of `paths`.
    ///
    /// Of the paths `following`, every change is kept. A path whose change lies beyond the walk (a shallow clone, or more than `commitsMax` commits) is given to the oldest commit reached.
    package func lastChanges(
        of paths: Set<String>, following: Set<String> = [], from tip: Commit, downTo base: ObjectID?,
        limits: GitLimits = GitLimits()
    ) throws(GitError) -> CommitWalk {
        var walk = CommitWalk()
        var wanted = paths
        var followed = following
        var current = tip
        for distance in 0..<limits.commitsMax {
            if current.id == base {
                walk.metBase = true
                break
            }
            if wanted.isEmpty && followed.isEmpty && base == nil { break }
            let parent = try current.firstParent.flatMap { id throws(GitError) in try commitIfPresent(id) }
            let changed = try changedPaths(from: parent?.tree, to: current.tree, among: wanted.union(followed))
            for path in changed {
                if wanted.remove(path) != nil { walk.lastChange[path] = current }
                guard followed.contains(path) else { continue }
                walk.touches[path, default: []].append((current, distance))
                if walk.touches[path]?.count == limits.touchesMax { followed.remove(path) }
            }
            guard let parent else { break }
            current = parent
        }
        for path in wanted { walk.lastChange[path] = current }
        return walk
    }

    /// The paths of files that differ between two trees; folders with equal ids are not entered.
    package func changedPaths(from old: ObjectID?, to new: ObjectID?) throws(GitError) -> Set<String> {
        try changedPaths(from: old, to: new, among: nil)
    }

    private func changedPaths(from old: ObjectID?, to new: ObjectID?, among: Set<String>?) throws(GitError) -> Set<
        String
    > {
        if let among, among.isEmpty { return [] }
        var difference = TreeDifference(in: handle, among: among)
        try difference.compare(old?.oid, new?.oid)
        return difference.paths
    }

    /// Nil where it is not in this clone.
    func commitIfPresent(_ id: ObjectID) throws(GitError) -> Commit? {
        do { return try commit(id) } catch  where error.code == .notFound { return nil }
    }
}
