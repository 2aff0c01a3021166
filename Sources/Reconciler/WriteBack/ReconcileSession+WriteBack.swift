internal import Spec
internal import Store

/// Changes that callers asked for become commits; nobody else writes to the repository.
extension ReconcileSession {
    /// How often a request is done again on a branch that moved meanwhile.
    private static let attemptsBesidePushes = 5
    /// Carried out between two looks at the branch.
    private static let batchCount = 20
    private static let pauseMax = Duration.seconds(60)

    /// Whether a request is to be carried out now.
    func hasDueChanges() throws -> Bool {
        try connection.transaction(timeout: Self.questionTimeout) { try ChangeRequests.hasDue($0, unit: unit) }
    }

    /// Carries out the requests that are due, in the order in which they were asked for; answers what became of each.
    ///
    /// Call it with the branch just looked at. A request whose commit reached the branch before that was noted is not done again.
    func carryOutChanges(
        _ token: FencingToken, ttl: Duration = ReconcileSession.leaseTTL, heartbeat: @escaping () throws -> Void = {}
    ) throws -> [(request: ChangeRequest, outcome: ChangeOutcome)] {
        var done: [(request: ChangeRequest, outcome: ChangeOutcome)] = []
        var trouble: String?
        let due = try connection.transaction(timeout: Self.questionTimeout) { try ChangeRequests.due($0, unit: unit, limit: Self.batchCount) }
        for request in due {
            // What keeps one from its branch keeps the others too.
            // The branch has moved by what was done before, of which a mirror hears only when it asks.
            let outcome = try trouble.map(ChangeOutcome.postponed) ?? carryOut(request, token, ttl, isBranchFresh: done.isEmpty, heartbeat)
            guard let outcome else { continue }
            if case .postponed(let reason) = outcome { trouble = reason }
            // Withdrawn by somebody while it was found to need no commit.
            guard try record(outcome, of: request, token, ttl) else { continue }
            done.append((request, outcome))
        }
        if !done.isEmpty { try settleChanges(in: source.open()) }
        return done
    }

    /// Nil where the request was withdrawn meanwhile.
    private func carryOut(
        _ request: ChangeRequest, _ token: FencingToken, _ ttl: Duration, isBranchFresh: Bool, _ heartbeat: @escaping () throws -> Void
    ) throws -> ChangeOutcome? {
        var isEnded = false
        do {
            return try attempt(request, token, ttl, isBranchFresh: isBranchFresh) {
                isEnded = true
                try heartbeat()
                isEnded = false
            }
        } catch let refusal as ChangeRefusal {
            return ChangeOutcome(refusal)
        } catch let error as GitError where !isEnded {
            // The branch was read a moment ago, so this may be of the one request, and would keep all behind it waiting for ever.
            return Self.failure(Trouble(error).description, of: request)
        } catch where !isEnded && Trouble.isOfSource(error) {
            return .postponed(Trouble(error).description)
        } catch where !isEnded && !(error is DatabaseError || error is LeadershipLost || error is OthersMoved || error is SchemaMismatch) {
            return Self.failure("it cannot be carried out: \(error)", of: request)
        }
    }

    /// What nobody foresaw may pass, and is not tried for ever.
    static func failure(_ trouble: String, of request: ChangeRequest) -> ChangeOutcome {
        guard request.attempts >= failuresMax, request.trouble == trouble else { return .postponed(trouble) }
        return .refused("\(trouble), after \(request.attempts) attempts", place: nil)
    }

    private static let failuresMax = 10

    private func attempt(
        _ request: ChangeRequest, _ token: FencingToken, _ ttl: Duration, isBranchFresh: Bool, heartbeat: @escaping () throws -> Void
    ) throws -> ChangeOutcome? {
        guard case .branch(let branch) = source.reference else {
            throw ChangeRefusal.refused("what is enforced is \(source.reference) and no branch that could be added to")
        }
        for attempt in 1...Self.attemptsBesidePushes {
            if attempt > 1 || !isBranchFresh { try source.refresh(heartbeat: heartbeat) }
            let repository = try source.open()
            let tip = try source.tip(in: repository)
            if request.isBegun || attempt > 1, let commit = try find(request, upTo: tip.id, in: repository) { return .committed(commit) }
            if request.isBegun, attempt == 1, let proposed = try findProposal(of: request, in: repository, heartbeat) { return proposed }
            let prepared = try prepare(request, on: tip, in: repository)
            if prepared.isNeedless { return .committed(tip.id) }
            guard try begin(request, token, ttl) else { return nil }
            Failpoint.beforePush.reach()
            switch try BranchPush(source, repository, uid: request.uid, heartbeat).push(prepared, to: branch) {
            case .moved: continue
            case .refused(let reason): throw ChangeRefusal.refused(reason)
            case .done(let outcome):
                Failpoint.afterPush.reach()
                return outcome
            }
        }
        throw ChangeRefusal.refused("\(branch) moved at each of \(Self.attemptsBesidePushes) attempts; ask again")
    }

    /// The request's commit, where a process that was killed left it on the branch.
    func find(_ request: ChangeRequest, upTo tip: ObjectID, in repository: GitRepository) throws -> ObjectID? {
        let base = try connection.transaction { try Revisions.one($0, request.baseRevision)?.vector[unit] }
        return try repository.commit(carrying: request.uid, since: base.flatMap { ObjectID(hex: $0) }, upTo: tip)
    }

    /// The proposal that a process that was killed left there, with what others put on it since.
    private func findProposal(
        of request: ChangeRequest, in repository: GitRepository, _ heartbeat: @escaping () throws -> Void
    ) throws -> ChangeOutcome? {
        let prefix = try connection.transaction { try changeRights($0) }.branchPrefix
        guard let branch = BranchName(prefix + request.uid), let there = try source.heads(of: [branch], in: repository, heartbeat: heartbeat)[branch]
        else { return nil }
        return .proposed(there, branch: branch.name, since: "it was proposed before the process that did so could say why")
    }

    /// From here on the commit may be on the branch without anybody having noted it.
    private func begin(_ request: ChangeRequest, _ token: FencingToken, _ ttl: Duration) throws -> Bool {
        try connection.transaction(timeout: Self.questionTimeout) { transaction in
            try Leadership.renew(transaction, token, ttl: ttl)
            return try ChangeRequests.begin(transaction, uid: request.uid)
        }
    }

    /// Removes some of those that have been over for so long; answers whether there may be more.
    func removeOldChanges(after retention: Duration) throws -> Bool {
        try connection.transaction { try ChangeRequests.prune($0, unit: unit, after: retention, limit: Self.removedAtOnce) } == Self.removedAtOnce
    }

    private static let removedAtOnce = 1000

    // MARK: What became of them

    /// Has all that is due wait, since the branch cannot be looked at.
    func postponeChanges(since error: any Error, _ token: FencingToken, ttl: Duration = ReconcileSession.leaseTTL) throws {
        let due = try connection.transaction(timeout: Self.questionTimeout) { try ChangeRequests.due($0, unit: unit, limit: Self.batchCount) }
        for request in due { _ = try record(.postponed(Trouble(error).description), of: request, token, ttl) }
    }

    /// False where the request is over already.
    private func record(_ outcome: ChangeOutcome, of request: ChangeRequest, _ token: FencingToken, _ ttl: Duration) throws -> Bool {
        try connection.transaction { transaction in
            // A push may have outlasted the lead.
            try Leadership.renew(transaction, token, ttl: ttl)
            guard try move(request, to: outcome, transaction) else { return false }
            guard let action = outcome.action else { return true }
            let facts: [(String, JSONTree)] = [
                ("title", .string(request.asked.title)), ("unit", .string(unit)), ("by", .string(request.asked.caller)),
            ]
            try Audit.append(
                transaction, request.asked.org.map(Tenancy.organization) ?? .platform, actor: request.asked.caller, action: action,
                subject: request.uid, detail: JSONTree.object(facts + outcome.facts + [("operator", .string(Operator.name))]).text)
            try Outbox.append(
                transaction,
                EventDraft(
                    type: action, unit: unit, org: request.asked.org, data: JSONTree.object([("change", .string(request.uid))] + facts + outcome.facts).text))
            return true
        }
    }

    private func move(_ request: ChangeRequest, to outcome: ChangeOutcome, _ transaction: Transaction) throws -> Bool {
        switch outcome {
        case .committed(let commit):
            try ChangeRequests.commit(transaction, uid: request.uid, commit: commit.hex, by: Operator.name)
        case .proposed(let commit, let branch, _):
            try ChangeRequests.propose(transaction, uid: request.uid, commit: commit.hex, branch: branch, by: Operator.name)
        case .refused(let reason, let place):
            try ChangeRequests.refuse(
                transaction, uid: request.uid, reason: reason, place: place?.description, by: Operator.name)
        case .postponed(let reason):
            try ChangeRequests.postpone(
                transaction, uid: request.uid, trouble: reason,
                after: min(.seconds(1 << min(request.attempts, 10)), Self.pauseMax))
        }
    }
}
