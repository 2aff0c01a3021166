extension GitRepository {
    /// The paths for whose content a commit is answerable, from the root of the repository.
    ///
    /// An ordinary commit answers for what differs from its parent. A merge answers for what differs from the clean merge
    /// of its parents: what only one side changed comes from that side, and taking anything else, an older file of the
    /// other side included, is the merge's own doing. Of more than two parents, for all that differs from the first.
    func authoredPaths(of id: ObjectID) throws(GitError) -> Set<String> {
        let parents = try parents(of: id)
        let tree = try commit(id).tree
        guard parents.count == 2 else {
            return try changedPaths(from: parents.first.map { id throws(GitError) in try commit(id).tree }, to: tree)
        }
        let sides = try parents.map { id throws(GitError) in try commit(id).tree }
        let fromFirst = try changedPaths(from: sides[0], to: tree)
        let fromSecond = try changedPaths(from: sides[1], to: tree)
        let forks = try mergeBases(of: parents[0], and: parents[1])
        let taken = fromFirst.subtracting(fromSecond).intersection(try changes(of: sides[0], since: forks))
        let kept = fromSecond.subtracting(fromFirst).intersection(try changes(of: sides[1], since: forks))
        return fromFirst.intersection(fromSecond).union(taken).union(kept)
    }

    /// What differs from any of the commits; all files when there is none.
    private func changes(of tree: ObjectID, since forks: [ObjectID]) throws(GitError) -> Set<String> {
        guard !forks.isEmpty else { return try changedPaths(from: nil, to: tree) }
        var paths = Set<String>()
        for fork in forks { paths.formUnion(try changedPaths(from: commit(fork).tree, to: tree)) }
        return paths
    }
}
