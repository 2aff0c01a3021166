internal import Spec

/// The Git commands after which the branch declares what a rollback brought back.
package struct RollbackRemedy: Sendable {
    /// The commit that was applied before, and the one whose state came back.
    private let from: ObjectID
    private let to: ObjectID
    /// The unit's, with a final slash; empty for the whole repository.
    private let folder: String
    /// Commits that touched declarations, the newest first, each with whether it is a merge; nil where it is not known which.
    private let commits: [(id: ObjectID, isMerge: Bool)]?

    /// Of so many commits on, whole ranges are named.
    private static let listedMax = 20
    private static let walkedMax = 1000

    /// Looks for the commits in `repository` where there is one.
    init(from: ObjectID, to: ObjectID, folder: String, in repository: GitRepository?) {
        (self.from, self.to, self.folder) = (from, to, folder)
        commits = repository.flatMap { try? Self.commits(from: from, to: to, in: $0) } ?? nil
    }

    private static func commits(
        from: ObjectID, to: ObjectID, in repository: GitRepository
    ) throws(GitError) -> [(id: ObjectID, isMerge: Bool)]? {
        var found: [(id: ObjectID, isMerge: Bool)] = []
        var next: ObjectID? = from
        for _ in 0..<walkedMax {
            guard let id = next, let commit = try repository.commitIfPresent(id) else { return nil }
            if id == to { return found }
            let parent = try commit.firstParent.flatMap { id throws(GitError) in try repository.commitIfPresent(id) }
            if try repository.changedPaths(from: parent?.tree, to: commit.tree).contains(where: SourceFile.isRead) {
                found.append((id, try repository.parents(of: id).count > 1))
            }
            next = commit.firstParent
        }
        return nil
    }

    /// One command a line; none when the branch is there already.
    package var commands: [String] {
        guard from != to else { return [] }
        guard let commits, commits.count <= Self.listedMax || !commits.contains(where: \.isMerge) else { return restoring }
        if commits.count > Self.listedMax { return ["git revert --no-edit \(to.short)..\(from.short)"] }
        var commands: [String] = []
        var isMerge: Bool?
        for commit in commits {
            if commit.isMerge == isMerge {
                commands[commands.count - 1] += " \(commit.id.short)"
            } else {
                commands.append("git revert --no-edit \(commit.isMerge ? "-m 1 " : "")\(commit.id.short)")
            }
            isMerge = commit.isMerge
        }
        return commands
    }

    /// Right for any history, but it takes back other files as well.
    private var restoring: [String] {
        ["git restore --source=\(to.short) --staged --worktree :/\(folder)", "git commit -m \"Roll back to \(to.short)\""]
    }

    package var text: String {
        guard !commands.isEmpty else { return "The branch need not change." }
        return "To make the branch agree:\n" + commands.map { "  \($0)" }.joined(separator: "\n") + "\n  git push"
    }
}
