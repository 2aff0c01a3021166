internal import CLibGit2
internal import Spec

extension GitRepository {
    /// The commit that a revision names, in any of Git's own ways to name one (gitrevisions(7)).
    package func commit(named revision: String) throws(GitError) -> Commit {
        let object: OpaquePointer
        do {
            object = try git(.reference) { git_revparse_single(&$0, handle, revision) }
        } catch {
            throw explained(error, of: revision)
        }
        defer { git_object_free(object) }
        let peeled: OpaquePointer
        do {
            peeled = try git(.commit) { git_object_peel(&$0, object, GIT_OBJECT_COMMIT) }
        } catch {
            throw GitError(.commit, code: .notFound, message: "\"\(revision)\" names something else than a commit; write a branch, a tag, or the commit's id")
        }
        defer { git_object_free(peeled) }
        guard let id = git_object_id(peeled) else {
            throw GitError(.commit, code: .notFound, message: "\"\(revision)\" names no commit")
        }
        return try commit(ObjectID(id))
    }

    /// Whether this is a clone of the newest commits alone.
    package var isShallow: Bool { git_repository_is_shallow(handle) == 1 }

    /// Whether there is no branch and no tag with a commit.
    var isWithoutCommits: Bool { references.isEmpty && git_repository_head_unborn(handle) != 0 }

    /// How people get what a shallow clone left out.
    package static let remedyOfShallow =
        "this clone is shallow, so fetch the whole history: `fetch-depth: 0` in actions/checkout, `GIT_DEPTH: \"0\"` on GitLab, "
        + "`git fetch --unshallow` by hand"

    /// The name of a branch of this repository that `branch` was probably meant for.
    func branch(near branch: String) -> String? {
        let local = references.compactMap { $0.hasPrefix("refs/heads/") ? String($0.dropFirst(11)) : nil }
        let usual = ["main", "master"].first { local.contains($0) && $0 != branch }
        return Suggestion.nearest(to: branch, among: local) ?? (local.count == 1 ? local.first : usual)
    }

    private func explained(_ error: GitError, of revision: String) -> GitError {
        switch error.code {
        case .ambiguous:
            return GitError(
                .reference, code: error.code,
                message: "\"\(revision)\" is the beginning of several names; write more of it")
        case .invalidName:
            return GitError(
                .reference, code: error.code,
                message: "\"\(revision)\" is not a name of a commit; write a branch, a tag, or the commit's id")
        case .notFound:
            return GitError(.reference, code: error.code, message: absence(of: revision))
        default:
            return GitError(
                .reference, code: error.code,
                message: "cannot look up \"\(revision)\" (\(error.message)); write a branch, a tag, or the commit's id")
        }
    }

    private func absence(of revision: String) -> String {
        if isWithoutCommits { return "there is no revision \"\(revision)\": the repository has no commits yet, so leave it out or commit first" }
        let said = "there is no revision \"\(revision)\""
        if let (remote, branch) = remoteBranch(revision) {
            let fetch = "`git fetch \(remote) \(branch):refs/remotes/\(remote)/\(branch)` brings it, if \(remote) has it"
            return said + " here; " + (isShallow ? Self.remedyOfShallow + "; or " : "") + fetch
        }
        if isShallow { return said + " here; " + Self.remedyOfShallow }
        return said + (near(revision).map { "; did you mean \"\($0)\"?" } ?? " here; correct it, or fetch it first")
    }

    /// The parts of a name such as `origin/main`, where there is a remote of that name.
    private func remoteBranch(_ revision: String) -> (remote: String, branch: String)? {
        let parts = revision.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, remotes.contains(parts[0]), BranchName(parts[1]) != nil else { return nil }
        return (parts[0], parts[1])
    }

    /// The name of a branch or tag that is written nearly so.
    private func near(_ revision: String) -> String? {
        let names = references.compactMap { name in
            ["refs/heads/", "refs/tags/", "refs/remotes/"].first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) }
        }
        return Suggestion.nearest(to: revision, among: names)
    }

    /// Full names, in order.
    var references: [String] { names { git_reference_list(&$0, handle) }.sorted() }

    private var remotes: [String] { names { git_remote_list(&$0, handle) } }

    /// What libgit2 lists; nothing where it cannot.
    private func names(_ list: (inout git_strarray) -> Int32) -> [String] {
        var found = git_strarray()
        guard list(&found) == 0 else { return [] }
        defer { git_strarray_dispose(&found) }
        return (0..<found.count).compactMap { index in found.strings[index].map { String(cString: $0) } }
    }
}
