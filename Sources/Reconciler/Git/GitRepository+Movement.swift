internal import CLibGit2

/// How a branch came from the commit that was applied to where it is now.
package enum BranchMovement: Hashable, Sendable {
    /// All that was applied is still part of the branch.
    case forward
    /// To a commit before the applied one.
    case back(dropped: Int)
    /// To a line that left the applied one at `fork`.
    case aside(fork: ObjectID, dropped: Int, added: Int)
    /// To a history that has nothing in common with the applied commit.
    case unrelated
    /// The applied commit is not in the repository any more.
    case lost
}

extension BranchMovement: CustomStringConvertible {
    /// The middle of a sentence, after the branch.
    package var description: String {
        switch self {
        case .forward: "moved forward"
        case .back(let dropped): "was set back by \(dropped) commit\(dropped == 1 ? "" : "s")"
        case .aside(let fork, let dropped, let added):
            "was rewritten since \(fork.short): it lacks \(dropped) applied commit\(dropped == 1 ? "" : "s") and has \(added) other\(added == 1 ? "" : "s")"
        case .unrelated: "was replaced by a history that has nothing in common with it"
        case .lost: "was replaced, and the repository does not hold the applied commit any more"
        }
    }
}

extension GitRepository {
    /// How a branch came from `base` to `tip`; in a shallow clone a history may look unrelated that is not.
    package func movement(from base: ObjectID, to tip: ObjectID) throws(GitError) -> BranchMovement {
        guard base != tip else { return .forward }
        guard try hasCommit(base) else { return .lost }
        var (old, new) = (base.oid, tip.oid)
        var (ahead, behind) = (0, 0)
        do {
            try git(.commit) { git_graph_ahead_behind(&ahead, &behind, handle, &new, &old) }
        } catch  where error.code == .notFound {
            return .unrelated
        } catch {
            let graph = try graph(of: base, and: tip, after: error)
            (behind, ahead) = (graph.ofFirst.count, graph.ofSecond.count)
        }
        if behind == 0 { return .forward }
        if ahead == 0 { return .back(dropped: behind) }
        guard let fork = try mergeBases(of: base, and: tip).first else { return .unrelated }
        return .aside(fork: fork, dropped: behind, added: ahead)
    }

    /// The best common ancestors of two commits; none when their histories have nothing in common.
    func mergeBases(of one: ObjectID, and other: ObjectID) throws(GitError) -> [ObjectID] {
        var (first, second) = (one.oid, other.oid)
        var found = git_oidarray()
        defer { git_oidarray_dispose(&found) }
        do {
            try git(.commit) { git_merge_bases(&found, handle, &first, &second) }
        } catch  where error.code == .notFound {
            return []
        } catch {
            return try graph(of: one, and: other, after: error).common
        }
        return (0..<found.count).compactMap { index in found.ids.map { ObjectID($0 + index) } }
    }

    /// The commits that `tip` has and `base` has not, newest first; nil when there are more than `limits` allow, or when the repository does not hold them all.
    func commits(since base: ObjectID, upTo tip: ObjectID, limits: GitLimits = GitLimits()) throws(GitError) -> [ObjectID]? {
        let walk = try git(.commit) { git_revwalk_new(&$0, handle) }
        defer { git_revwalk_free(walk) }
        var (old, new) = (base.oid, tip.oid)
        var found: [ObjectID] = []
        do {
            try git(.commit) { git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue) }
            try git(.commit) { git_revwalk_push(walk, &new) }
            try git(.commit) { git_revwalk_hide(walk, &old) }
            var next = git_oid()
            while found.count <= limits.commitsMax {
                let answer = git_revwalk_next(&next, walk)
                if answer == GIT_ITEROVER.rawValue { return found }
                try git(.commit) { answer }
                found.append(ObjectID(&next))
            }
        } catch  where error.code == .notFound {
            return nil
        } catch {
            return try graph(of: base, and: tip, after: error, limits: limits).ofSecond
        }
        return nil
    }

    /// What libgit2 could not find out.
    private func graph(
        of one: ObjectID, and other: ObjectID, after error: GitError, limits: GitLimits = GitLimits()
    ) throws(GitError) -> CommitGraph {
        guard let graph = try CommitGraph(one, other, in: self, limits: limits) else { throw error }
        return graph
    }

    func parents(of id: ObjectID) throws(GitError) -> [ObjectID] {
        var oid = id.oid
        let commit: OpaquePointer
        do { commit = try git(.commit) { git_commit_lookup(&$0, handle, &oid) } } catch {
            guard let object = unparsed(id, after: error) else { throw error }
            return object.parents
        }
        defer { git_commit_free(commit) }
        return (0..<git_commit_parentcount(commit)).compactMap { index in
            git_commit_parent_id(commit, index).map { ObjectID($0) }
        }
    }

    private func hasCommit(_ id: ObjectID) throws(GitError) -> Bool {
        do {
            _ = try commit(id)
            return true
        } catch  where error.code == .notFound {
            return false
        }
    }
}
