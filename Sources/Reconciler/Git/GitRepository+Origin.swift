internal import CLibGit2

extension GitRepository {
    /// Where two lines of history parted; nil when they have nothing in common.
    ///
    /// Throws where a shallow clone does not go back as far.
    package func mergeBase(of one: Commit, and other: Commit) throws(GitError) -> Commit? {
        if isShallow { return try mergeBaseInShallowClone(one, other) }
        var found = git_oid()
        var (first, second) = (one.id.oid, other.id.oid)
        do {
            try git(.commit) { git_merge_base(&found, handle, &first, &second) }
        } catch  where error.code == .notFound {
            return nil
        } catch {
            return try mergeBases(of: one.id, and: other.id).first.map { id throws(GitError) in try commit(id) }
        }
        return try commit(ObjectID(&found))
    }

    /// libgit2 1.5 takes the end of a shallow clone for damage, so what is there is walked here.
    private func mergeBaseInShallowClone(_ one: Commit, _ other: Commit) throws(GitError) -> Commit {
        let known = Set(try ancestors(of: one).map(\.id))
        let common = try ancestors(of: other).filter { known.contains($0.id) }
        guard let newest = common.max(by: { $0.committedAt < $1.committedAt }) else {
            throw GitError(
                .commit, code: .notFound,
                message: "cannot tell where \(one.id.short) and \(other.id.short) parted; " + Self.remedyOfShallow)
        }
        return newest
    }

    /// A commit and all before it that this clone has, within the bound of walks.
    private func ancestors(of tip: Commit) throws(GitError) -> [Commit] {
        var seen: Set<ObjectID> = [tip.id]
        var found = [tip]
        var next = 0
        while next < found.count && found.count < GitLimits().commitsMax {
            for parent in try parents(of: found[next]) where seen.insert(parent.id).inserted { found.append(parent) }
            next += 1
        }
        return found
    }

    private func parents(of commit: Commit) throws(GitError) -> [Commit] {
        var found: [Commit] = []
        for id in try parents(of: commit.id) {
            if let parent = try commitIfPresent(id) { found.append(parent) }
        }
        return found
    }
}
