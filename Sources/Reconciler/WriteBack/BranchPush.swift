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
            try push(prepared.commit, to: branch, from: prepared.parent, .committed(prepared.commit))
        case .proposal(let since):
            try propose(prepared.commit, on: prepared.proposal, since: since)
        }
    }

    /// A branch that is there was made by a process that was killed before it could say so: no other has the name.
    private func propose(_ commit: ObjectID, on branch: BranchName, since: String) throws -> Ending {
        if !source.isRemote, let there = try repository.target(of: branch.reference) {
            return .done(.proposed(there, branch: branch.name, since: since))
        }
        return try push(commit, to: branch, from: nil, .proposed(commit, branch: branch.name, since: since))
    }

    private func push(_ commit: ObjectID, to branch: BranchName, from old: ObjectID?, _ outcome: ChangeOutcome) throws -> Ending {
        switch source.location {
        case .path(let path):
            guard repository.isBare else {
                return .refused("\(path) has a work tree, whose branches are its people's to move; have charter watch follow a bare repository, or a URL")
            }
            return try repository.move(branch.reference, from: old, to: commit) ? .done(outcome) : .moved
        case .url(let url):
            let kept = GitRepository.changeReference(uid)
            try repository.keep(commit, as: kept)
            defer { repository.drop(kept) }
            switch try Mirror(url: url, source: source).push(kept, to: branch, isForced: old == nil, heartbeat: heartbeat) {
            case .pushed: return .done(outcome)
            case .moved: return .moved
            case .refused(let reason): return .refused("the remote did not take it: \(reason)")
            }
        }
    }
}
