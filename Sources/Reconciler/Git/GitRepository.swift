internal import CLibGit2
internal import Spec

/// An open repository, read from its object database only: nothing is checked out, no filter or hook runs.
///
/// Confined to one thread.
package final class GitRepository {
    let handle: OpaquePointer
    /// Where it lies, so that further threads can open it for themselves.
    let folder: String

    /// The folder whose files are enforced, with a final slash; every commit here looks as if this were its root. Empty for all.
    let unitFolder: String

    /// Opens the bare or ordinary repository whose root is `path`; its parent folders are not searched.
    package init(at path: String, unitFolder: String = "") throws(GitError) {
        folder = path
        self.unitFolder = unitFolder
        handle = try Self.open(path)
    }

    /// Opens the bare repository at `path`, made first if there is none.
    init(mirrorAt path: String) throws(GitError) {
        folder = path
        unitFolder = ""
        do {
            handle = try git(.open) { git_repository_open_bare(&$0, path) }
        } catch  where error.code == .notFound {
            handle = try git(.create) { git_repository_init(&$0, path, 1) }
        }
    }

    deinit { git_repository_free(handle) }

    /// Whether it has no work tree.
    package var isBare: Bool { git_repository_is_bare(handle) == 1 }

    /// The commit that `branch` names now.
    package func tip(of branch: BranchName) throws(GitError) -> Commit {
        try commit(tipID(of: branch))
    }

    /// The id alone, which costs one small file read: what a poll asks.
    package func tipID(of branch: BranchName) throws(GitError) -> ObjectID {
        var oid = git_oid()
        do {
            try git(.reference) { git_reference_name_to_id(&oid, handle, branch.reference) }
        } catch  where error.code == .notFound {
            throw GitError(.reference, code: .notFound, message: absence(of: branch))
        }
        return ObjectID(&oid)
    }

    private func absence(of branch: BranchName) -> String {
        if isWithoutCommits { return "no branch \(branch): it has no commits yet" }
        return "no branch \(branch)" + (self.branch(near: branch.name).map { "; did you mean \($0)?" } ?? "")
    }

    private static func open(_ path: String) throws(GitError) -> OpaquePointer {
        do {
            return try git(.open) { git_repository_open_ext(&$0, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil) }
        } catch {
            throw explained(error, path)
        }
    }

    private static func explained(_ error: GitError, _ path: String) -> GitError {
        if error.code == .notFound {
            return GitError(.open, code: .notFound, message: "\(path) is not a Git repository (its root, bare or with .git)")
        }
        // repository.c of libgit2: what it says of a repository with settings that it does not know.
        guard let name = error.message.split(separator: " ").last, name.hasPrefix("extensions.") else { return error }
        let remedy = name == "extensions.partialclone" ? "; clone it again without --filter" : ""
        return GitError(
            .open, code: .refused, message: "\(path) has the setting `\(name)`, which this version cannot read\(remedy)")
    }

    package func commit(_ id: ObjectID) throws(GitError) -> Commit {
        var oid = id.oid
        let commit: OpaquePointer
        do { commit = try git(.commit) { git_commit_lookup(&$0, handle, &oid) } } catch {
            guard let object = unparsed(id, after: error) else { throw error }
            return Commit(
                id: id, tree: try unitTree(of: object.tree), firstParent: object.parents.first,
                author: object.author.bounded(Self.authorMax), committedAt: object.committedAt,
                summary: object.summary.bounded(Self.summaryMax))
        }
        defer { git_commit_free(commit) }
        return Commit(
            id: id, tree: try unitTree(of: ObjectID(git_commit_tree_id(commit))),
            firstParent: git_commit_parentcount(commit) > 0 ? ObjectID(git_commit_parent_id(commit, 0)) : nil,
            author: Self.signature(git_commit_author(commit)).bounded(Self.authorMax),
            committedAt: CommitObject.date(git_commit_time(commit)),
            summary: (git_commit_summary(commit).map { String(cString: $0) } ?? "").bounded(Self.summaryMax))
    }

    /// What libgit2 would not read of a commit that is there.
    func unparsed(_ id: ObjectID, after error: GitError) -> CommitObject? {
        error.code == .notFound ? nil : (try? rawCommit(id)).flatMap(CommitObject.init)
    }

    /// That of the unit's folder; before the folder was made there was nothing of the unit.
    private func unitTree(of whole: ObjectID) throws(GitError) -> ObjectID {
        unitFolder.isEmpty ? whole : try tree(whole, at: unitFolder) ?? .emptyTree
    }

    /// Characters kept of a commit's author and of its message's first line, which are written beside every resource that it changed.
    private static let authorMax = 300
    private static let summaryMax = 300

    private static func signature(_ author: UnsafePointer<git_signature>?) -> String {
        guard let author else { return "" }
        return "\(String(cString: author.pointee.name)) <\(String(cString: author.pointee.email))>"
    }
}

extension String {
    /// The text, or its beginning and an ellipsis.
    fileprivate func bounded(_ count: Int) -> String { utf8.count > count && self.count > count ? prefix(count - 1) + "…" : self }
}
