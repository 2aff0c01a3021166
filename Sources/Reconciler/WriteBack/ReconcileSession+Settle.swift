internal import Spec
internal import Store

/// The end of requests that have a commit.
extension ReconcileSession {
    /// Notes of requests that what they asked for is applied, and of proposals that they were merged without it, as far as a short time goes;
    /// `settleOn` goes on.
    func settleChanges(in repository: GitRepository) throws {
        settlement.restart()
        try settleOn(in: repository)
    }

    /// Whether requests have not had their turn since the last `settleChanges`.
    var isSettling: Bool { settlement.isOwed }

    /// Gives some of those their turn.
    func settleOn(in repository: GitRepository) throws {
        guard isSettling else { return }
        let newest = try connection.transaction { try Revisions.declared($0, unit: unit) }
        // A history that was replaced may have taken the commit along.
        guard let revision = newest, let applied = ObjectID(hex: revision.commit), try repository.commitIfPresent(applied) != nil else { return }
        var round = SettlementRound(now: settlement.now)
        for turns in [\ChangeSettlement.committed, \.proposed] {
            while settlement[keyPath: turns].isOwed {
                let page = try connection.transaction(timeout: Self.questionTimeout) { try settlement[keyPath: turns].page(of: unit, $0) }
                for request in page {
                    guard round.beginsNext(), try settle(request, by: revision, applied, in: repository, &round) else { return }
                    settlement[keyPath: turns].passed(request)
                }
                settlement[keyPath: turns].passed(pageOf: page.count)
            }
        }
    }

    /// False where the time was over before anything was known, and there is more of it at the beginning of a round.
    private func settle(
        _ request: ChangeRequest, by revision: Revision, _ applied: ObjectID, in repository: GitRepository, _ round: inout SettlementRound
    ) throws -> Bool {
        switch try verdict(of: request, by: revision, applied, in: repository, &round) {
        case .enforced(let commit, let first):
            settlement.note(request, examinedUpTo: nil)
            _ = try connection.transaction { try ChangeRequests.enforce($0, uid: request.uid, commit: commit.hex, revision: first) }
        case .dropped(let commit):
            let reason = "its commit \(commit.short) was merged without what it asked for, which is not declared"
            let isWithdrawn = try connection.transaction { try withdraw(request, since: reason, $0) }
            if isWithdrawn { settlement.noteDropped(request) }
        case .unknown where !round.isOfFirst: return false
        case .open, .unknown: if request.state == .proposed { settlement.note(request, examinedUpTo: applied) }
        }
        return true
    }

    /// What an applied commit says of a request.
    private enum Verdict {
        /// What was asked for took effect by this commit, in this revision.
        case enforced(ObjectID, Int64)
        /// A proposal is part of the branch by this commit, and whoever merged it left out what it asks for.
        case dropped(ObjectID)
        case open
        /// It would have taken too long.
        case unknown
    }

    private func verdict(
        of request: ChangeRequest, by revision: Revision, _ applied: ObjectID, in repository: GitRepository, _ round: inout SettlementRound
    ) throws -> Verdict {
        // The same commit says the same of a proposal again.
        if request.state == .proposed, settlement.examined(request) == applied { return .open }
        if let commit = try contained(request, in: applied, of: repository) {
            let first = try firstRevision(with: commit, through: revision, after: request.baseRevision, in: repository)
            if request.state == .proposed, let merged = ObjectID(hex: first.commit), try repository.commitIfPresent(merged) != nil,
                try lacks(request, at: merged, in: repository)
            {
                return .dropped(commit)
            }
            return .enforced(commit, first.id)
        }
        guard request.state == .proposed, case .sound(let desired) = try read(repository.commit(applied), in: repository) else { return .open }
        return switch try round.declares(request.asked.patch, desired, in: repository) {
        case true?: .enforced(applied, revision.id)
        case false?: .open
        case nil: .unknown
        }
    }

    /// Whether a commit declares something still as it was before the proposal.
    private func lacks(_ request: ChangeRequest, at applied: ObjectID, in repository: GitRepository) throws -> Bool {
        guard let proposal = request.commit.flatMap({ ObjectID(hex: $0) }), let proposed = try ProposedTexts(by: proposal, in: repository),
            case .sound(let desired) = try read(repository.commit(applied), in: repository)
        else { return false }
        return proposed.isMissing(from: desired.resources)
    }

    /// The commit by which a request is part of what leads to `tip`; nil where it is not.
    func contained(_ request: ChangeRequest, in tip: ObjectID, of repository: GitRepository) throws -> ObjectID? {
        guard let commit = request.commit.flatMap({ ObjectID(hex: $0) }) else { return nil }
        if try repository.movement(from: commit, to: tip) == .forward { return commit }
        guard request.state == .proposed else { return nil }
        // Whoever merges a proposal may make another commit of it.
        if let examined = settlement.examined(request) { return try repository.commit(carrying: request.uid, since: examined, upTo: tip) }
        return try find(request, upTo: tip, in: repository)
    }

    /// Of those that contain the commit in one run up to the newest, the first.
    private func firstRevision(
        with commit: ObjectID, through newest: Revision, after base: Int64, in repository: GitRepository
    ) throws -> Revision {
        let earlier = try connection.transaction { try Revisions.list($0, through: newest.id - 1, unit: unit, limit: Self.revisionsMax) }
        let run = try earlier.prefix { revision in
            guard revision.id > base, let id = ObjectID(hex: revision.commit) else { return false }
            return try repository.movement(from: commit, to: id) == .forward
        }
        return run.last ?? newest
    }

    /// Of those that are looked through; between two looks there are few.
    private static let revisionsMax = 100

    /// Ends a proposal that nothing came of; false where it is over already.
    func withdraw(_ request: ChangeRequest, since reason: String, _ transaction: Transaction) throws -> Bool {
        guard try ChangeRequests.abandon(transaction, uid: request.uid, reason: reason, by: Operator.name) else { return false }
        try Audit.append(
            transaction, request.asked.org.map(Tenancy.organization) ?? .platform, actor: Operator.name, action: "change.withdrawn",
            subject: request.uid, detail: JSONTree.object([("reason", .string(reason)), ("title", .string(request.asked.title))]).text)
        return true
    }
}
