internal import Spec
internal import Store

/// The branches of proposals, and the end of those whose branches are gone.
extension ReconcileSession {
    /// Takes away the branches of withdrawn proposals, and withdraws those whose branches others took away unmerged; answers these, and those
    /// that turned out to be merged without what they asked for.
    ///
    /// A branch that others added commits to stays. Call it now and then.
    func endProposals(
        _ token: FencingToken, ttl: Duration = ReconcileSession.leaseTTL, heartbeat: @escaping () throws -> Void = {}
    ) throws -> [ChangeRequest] {
        guard case .branch = source.reference else { return [] }
        let (proposed, withdrawn) = try connection.transaction(timeout: Self.questionTimeout) { transaction in
            (try settlement.branches.page(of: unit, transaction), try ChangeRequests.withBranchLeft(transaction, unit: unit, limit: Self.removedMax))
        }
        let branches = (proposed + withdrawn).compactMap(\.proposal)
        let heads = try branches.isEmpty ? [:] : source.heads(of: branches, in: source.open(), heartbeat: heartbeat)
        for request in withdrawn { try removeBranch(of: request, heads, token, ttl, heartbeat) }
        let gone = proposed.filter { $0.proposal.map { heads[$0] == nil } ?? true }
        let ended = try abandon(gone, of: proposed, token, ttl, heartbeat)
        return settlement.takeDropped() + ended
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

    /// Of those without a branch, withdraws what the branch that is enforced does not have in any form, whether that is applied yet or not, as
    /// far as a short time goes.
    private func abandon(
        _ gone: [ChangeRequest], of page: [ChangeRequest], _ token: FencingToken, _ ttl: Duration, _ heartbeat: @escaping () throws -> Void
    ) throws -> [ChangeRequest] {
        let tip = gone.isEmpty ? nil : try freshTip(heartbeat)
        let uids = Set(gone.map(\.uid))
        var round = SettlementRound(now: settlement.now)
        var ended: [ChangeRequest] = []
        for request in page {
            if let tip, uids.contains(request.uid) {
                guard round.beginsNext() else { return ended }
                switch try abandon(request, tip.desired, in: tip.repository, token, ttl, &round) {
                case true?: ended.append(request)
                // There is more time for it at the beginning of a round.
                case nil where !round.isOfFirst: return ended
                case false?, nil: break
                }
            }
            settlement.branches.passed(request)
        }
        settlement.branches.passed(pageOf: page.count)
        return ended
    }

    /// Whoever merges a branch takes it away afterwards, so a merge is seen by a look that is later; nil where the branch has mistakes.
    private func freshTip(_ heartbeat: @escaping () throws -> Void) throws -> (repository: GitRepository, desired: DesiredState)? {
        try source.refresh(heartbeat: heartbeat)
        let repository = try source.open()
        guard case .sound(let desired) = try read(source.tip(in: repository), in: repository) else { return nil }
        return (repository, desired)
    }

    /// Whether it was withdrawn; nil where the time was over before it was known what the branch has of it.
    private func abandon(
        _ request: ChangeRequest, _ desired: DesiredState, in repository: GitRepository, _ token: FencingToken, _ ttl: Duration,
        _ round: inout SettlementRound
    ) throws -> Bool? {
        if try contained(request, in: desired.commit.id, of: repository) != nil { return false }
        guard let isDeclared = try round.declares(request.asked.patch, desired, in: repository) else { return nil }
        if isDeclared { return false }
        settlement.note(request, examinedUpTo: nil)
        return try connection.transaction { transaction in
            try Leadership.renew(transaction, token, ttl: ttl)
            return try withdraw(request, since: "its branch \(request.branch?.printable ?? "") is gone, and what it asked for is not declared", transaction)
        }
    }
}

extension ChangeRequest {
    fileprivate var proposal: BranchName? { branch.flatMap { BranchName($0) } }
}
