/// Brings the commit of one request to its branch, where that is as it was when the commit was made.
struct BranchPush {
    enum Ending: Hashable {
        case done(ChangeOutcome)
        /// Somebody else was faster.
        case moved
        case refused(String)
    }

    private let source: GitSource
    private let repository: GitRepository
    private let uid: String
    private let heartbeat: () throws -> Void

    init(_ source: GitSource, _ repository: GitRepository, uid: String, _ heartbeat: @escaping () throws -> Void) {
        (self.source, self.repository, self.uid, self.heartbeat) = (source, repository, uid, heartbeat)
    }

    /// Throws what may pass by itself, such as that the remote cannot be reached.
    func push(_ prepared: PreparedChange, to branch: BranchName) throws -> Ending {
        switch prepared.way {
        case .branch:
            return try push(prepared.commit, to: branch, from: prepared.parent).ending(.committed(prepared.commit))
        case .proposal(let since):
            // A branch of that name was made by a process that was killed before it could say so, and what others put on it since stays.
            let ending = try push(prepared.commit, to: prepared.proposal, from: nil)
            if case .moved(let there?) = ending { return .done(.proposed(there, branch: prepared.proposal.name, since: since)) }
            return ending.ending(.proposed(prepared.commit, branch: prepared.proposal.name, since: since))
        }
    }

    private func push(_ commit: ObjectID, to branch: BranchName, from old: ObjectID?) throws -> MirrorPush.Ending {
        if let problem = try source.obstacle(to: branch, in: repository) { return .refused(problem) }
        switch source.location {
        case .path:
            if old == nil, let above = try branch.referencesAbove.first(where: { try repository.target(of: $0) != nil }) {
                return .refused(branch.problem(beside: above))
            }
            if try repository.move(branch.reference, from: old, to: commit) { return .done }
            return .moved(try repository.target(of: branch.reference))
        case .url(let url):
            let kept = GitRepository.changeReference(uid)
            try repository.keep(commit, as: kept)
            defer { repository.drop(kept) }
            let ending = try Mirror(url: url, source: source).push(kept, to: branch, from: old, heartbeat: heartbeat)
            if case .refused(let reason) = ending { return .refused("the remote did not take it: \(reason)") }
            return ending
        }
    }
}

extension MirrorPush.Ending {
    fileprivate func ending(_ outcome: ChangeOutcome) -> BranchPush.Ending {
        switch self {
        case .done, .heads: .done(outcome)
        case .moved: .moved
        case .refused(let reason): .refused(reason)
        }
    }
}

extension GitSource {
    /// Why a branch here, or behind a `file://` address, is not to be moved: people work in it; nil where nothing is against it.
    func obstacle(to branch: BranchName, in repository: GitRepository) throws(GitError) -> String? {
        let remedy = "have charter watch follow a bare repository, or a URL of a server"
        let (path, target): (String, GitRepository)
        switch location {
        case .path(let place): (path, target) = (place, repository)
        case .url(let url):
            guard url.scheme == .file, let there = try? GitRepository(at: url.path) else { return nil }
            (path, target) = (url.path, there)
        }
        guard target.isBare else { return "\(path) has a work tree, whose branches are its people's to move; \(remedy)" }
        return try target.isCheckedOut(branch) ? "\(branch) of \(path) is checked out in a work tree beside it (git worktree list); \(remedy)" : nil
    }

    /// What those of the branches name that are there; asks a remote.
    func heads(of branches: [BranchName], in repository: GitRepository, heartbeat: () throws -> Void) throws -> [BranchName: ObjectID] {
        if case .url(let url) = location { return try Mirror(url: url, source: self).heads(of: branches, heartbeat: heartbeat) }
        var heads: [BranchName: ObjectID] = [:]
        for branch in branches { heads[branch] = try repository.target(of: branch.reference) }
        return heads
    }

    /// Takes away a branch that names `old` yet; one that is gone, or that others added to, is left as it is.
    func remove(_ branch: BranchName, at old: ObjectID, in repository: GitRepository, heartbeat: () throws -> Void) throws {
        switch location {
        case .path: _ = try repository.remove(branch.reference, at: old)
        case .url(let url): _ = try Mirror(url: url, source: self).remove(branch, at: old, heartbeat: heartbeat)
        }
    }
}
