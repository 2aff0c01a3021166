internal import Spec
internal import Store

/// The end of requests that have a commit.
extension ReconcileSession {
    /// Notes of requests that what they asked for is applied.
    func settleChanges(in repository: GitRepository) throws {
        var settlement = settlement
        let (requests, revision) = try connection.transaction { transaction in
            var requests = try settlement.next(.committed, of: unit, transaction)
            requests += try settlement.next(.proposed, of: unit, transaction)
            return (requests, try Revisions.declared(transaction, unit: unit))
        }
        self.settlement = settlement
        if let revision { try settle(requests, by: revision, in: repository) }
    }

    private func settleChanges(_ requests: [ChangeRequest], in repository: GitRepository) throws {
        let revision = try connection.transaction { try Revisions.declared($0, unit: unit) }
        if let revision { try settle(requests, by: revision, in: repository) }
    }

    private func settle(_ requests: [ChangeRequest], by revision: Revision, in repository: GitRepository) throws {
        // A history that was replaced may have taken it along.
        guard let applied = ObjectID(hex: revision.commit), try repository.commitIfPresent(applied) != nil else { return }
        for request in requests {
            guard let (commit, first) = try enforcement(of: request, by: revision, applied, in: repository) else {
                if request.state == .proposed { settlement.note(request, examinedUpTo: applied) }
                continue
            }
            settlement.note(request, examinedUpTo: nil)
            _ = try connection.transaction { try ChangeRequests.enforce($0, uid: request.uid, commit: commit.hex, revision: first) }
        }
    }

    /// The commit and the revision by which what was asked for took effect; nil where it did not.
    private func enforcement(
        of request: ChangeRequest, by revision: Revision, _ applied: ObjectID, in repository: GitRepository
    ) throws -> (ObjectID, Int64)? {
        // The same commit says the same of a proposal again.
        if request.state == .proposed, settlement.examined(request) == applied { return nil }
        if let commit = try contained(request, in: applied, of: repository) {
            return (commit, try firstRevision(with: commit, through: revision, after: request.baseRevision, in: repository))
        }
        guard request.state == .proposed else { return nil }
        return try isDeclared(request, at: applied, in: repository) ? (applied, revision.id) : nil
    }

    private func contained(_ request: ChangeRequest, in tip: ObjectID, of repository: GitRepository) throws -> ObjectID? {
        guard let commit = request.commit.flatMap({ ObjectID(hex: $0) }) else { return nil }
        if try repository.movement(from: commit, to: tip) == .forward { return commit }
        guard request.state == .proposed else { return nil }
        // Whoever merges a proposal may make another commit of it.
        if let examined = settlement.examined(request) { return try repository.commit(carrying: request.uid, since: examined, upTo: tip) }
        return try find(request, upTo: tip, in: repository)
    }

    /// Whether a commit declares all that a request asks for, whoever wrote it.
    private func isDeclared(_ request: ChangeRequest, at commit: ObjectID, in repository: GitRepository) throws -> Bool {
        guard !request.asked.patch.steps.isEmpty, case .sound(let desired) = try read(repository.commit(commit), in: repository) else { return false }
        let files = try EditedFiles(desired, in: repository)
        return try request.asked.patch.steps.allSatisfy { try files.isCarriedOut($0) }
    }

    /// Of those that contain the commit in one run up to the newest, the first.
    private func firstRevision(
        with commit: ObjectID, through newest: Revision, after base: Int64, in repository: GitRepository
    ) throws -> Int64 {
        let earlier = try connection.transaction { try Revisions.list($0, through: newest.id - 1, unit: unit, limit: Self.revisionsMax) }
        let run = try earlier.prefix { revision in
            guard revision.id > base, let id = ObjectID(hex: revision.commit) else { return false }
            return try repository.movement(from: commit, to: id) == .forward
        }
        return run.last?.id ?? newest.id
    }

    /// Of those that are looked through; between two looks there are few.
    private static let revisionsMax = 100

    // MARK: Proposals

    /// Takes away the branches of withdrawn proposals, and withdraws those whose branches others took away unmerged; answers these.
    ///
    /// A branch that others added commits to stays. Call it now and then.
    func endProposals(
        _ token: FencingToken, ttl: Duration = ReconcileSession.leaseTTL, heartbeat: @escaping () throws -> Void = {}
    ) throws -> [ChangeRequest] {
        guard case .branch = source.reference else { return [] }
        var settlement = settlement
        let (proposed, withdrawn) = try connection.transaction(timeout: Self.questionTimeout) { transaction in
            (try settlement.next(.proposed, of: unit, transaction), try ChangeRequests.withBranchLeft(transaction, unit: unit, limit: Self.removedMax))
        }
        self.settlement = settlement
        guard !proposed.isEmpty || !withdrawn.isEmpty else { return [] }
        try settleChanges(proposed, in: source.open())
        let heads = try source.heads(of: (proposed + withdrawn).compactMap(\.proposal), in: source.open(), heartbeat: heartbeat)
        for request in withdrawn { try removeBranch(of: request, heads, token, ttl, heartbeat) }
        let gone = proposed.filter { $0.proposal.map { heads[$0] == nil } ?? true }
        return gone.isEmpty ? [] : try abandon(gone, token, ttl, heartbeat)
    }

    /// Removed in one look; the next removes more.
    private static let removedMax = 20

    private func removeBranch(
        of request: ChangeRequest, _ heads: [BranchName: ObjectID], _ token: FencingToken, _ ttl: Duration, _ heartbeat: @escaping () throws -> Void
    ) throws {
        if let branch = request.proposal, let there = heads[branch], there.hex == request.commit {
            let repository = try source.open()
            if try source.obstacle(to: branch, in: repository) == nil {
                try source.remove(branch, at: there, in: repository, heartbeat: heartbeat)
            }
        }
        try connection.transaction { transaction in
            try Leadership.renew(transaction, token, ttl: ttl)
            try ChangeRequests.leaveBranch(transaction, uid: request.uid)
        }
        settlement.note(request, examinedUpTo: nil)
    }

    /// Of those without a branch, withdraws what the branch that is enforced does not have in any form, whether that is applied yet or not.
    private func abandon(
        _ gone: [ChangeRequest], _ token: FencingToken, _ ttl: Duration, _ heartbeat: @escaping () throws -> Void
    ) throws -> [ChangeRequest] {
        // Whoever merges a branch takes it away afterwards, so a merge is seen by a look that is later.
        try source.refresh(heartbeat: heartbeat)
        let repository = try source.open()
        let tip = try source.tip(in: repository)
        guard case .sound = try read(tip, in: repository) else { return [] }
        try settleChanges(gone, in: repository)
        return try gone.filter { request in
            if try contained(request, in: tip.id, of: repository) != nil { return false }
            if try isDeclared(request, at: tip.id, in: repository) { return false }
            settlement.note(request, examinedUpTo: nil)
            let reason = "its branch \(request.branch?.printable ?? "") is gone, and what it asked for is not declared"
            return try connection.transaction { transaction in
                try Leadership.renew(transaction, token, ttl: ttl)
                guard try ChangeRequests.abandon(transaction, uid: request.uid, reason: reason, by: Operator.name) else { return false }
                try Audit.append(
                    transaction, request.asked.org.map(Tenancy.organization) ?? .platform, actor: Operator.name, action: "change.withdrawn",
                    subject: request.uid, detail: JSONTree.object([("reason", .string(reason)), ("title", .string(request.asked.title))]).text)
                return true
            }
        }
    }
}

extension ChangeRequest {
    fileprivate var proposal: BranchName? { branch.flatMap { BranchName($0) } }
}
