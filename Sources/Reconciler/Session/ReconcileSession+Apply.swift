internal import Spec
internal import Store

extension ReconcileSession {
    /// How long a lead lasts without being renewed.
    package static let leaseTTL = Duration.seconds(10)

    /// Applies the branch's tip once, taking the lead from whoever has it: a person asked.
    package func applyOnce(guardedBy planGuard: PlanGuard) throws -> ApplyOutcome {
        do { return try applyTip(planGuard) } catch where isWorthAnotherTry(error) { return try applyTip(planGuard) }
    }

    /// What did not take effect, and what a mirror fetched anew may mend.
    private func isWorthAnotherTry(_ error: any Error) -> Bool {
        if case Trouble.retryAfter(.zero, _) = error { return true }
        return source.distrust(after: error)
    }

    private func applyTip(_ planGuard: PlanGuard) throws -> ApplyOutcome {
        // What takes longest is done before anybody is kept from leading; it is remembered.
        let (early, first) = try tip()
        try planGuard.saved?.check(first)
        _ = try read(first, in: early)
        let token = try connection.transaction { transaction in
            try Leadership.takeOver(transaction, name: Self.leaderName(of: unit), holder: holder, ttl: Self.leaseTTL)
        }
        defer { settle(token) }
        Failpoint.afterLead.reach()
        // Read again under the lead: of two who apply at once, the later one could bring the older commit.
        let (repository, commit) = try tip()
        try planGuard.saved?.check(commit)
        return try apply(commit, in: repository, guardedBy: planGuard, token: token)
    }

    /// Leaves what others see of the unit as it is now, and gives the lead back.
    private func settle(_ token: FencingToken) {
        try? recordDriftAnew(token)
        release(token)
        // The next one who looks does it where it fails here.
        try? ConditionLedger.settle(connection, unit: unit)
    }

    /// What an apply put right is no drift any more.
    private func recordDriftAnew(_ token: FencingToken) throws {
        let isKnown = try connection.transaction { transaction in
            try DriftScans.list(transaction).contains { $0.unit == unit && $0.resources > 0 }
                || !DriftFindings.present(transaction, unit: unit).isEmpty
        }
        guard isKnown else { return }
        try record(drift(), token)
    }

    /// Applies `commit` in one transaction under `token`, or records why not; `heartbeat` is called while others are waited for.
    func apply(
        _ commit: Commit, in repository: GitRepository, guardedBy planGuard: PlanGuard, token: FencingToken,
        ttl: Duration = ReconcileSession.leaseTTL, heartbeat: @escaping () throws -> Void = {}
    ) throws -> ApplyOutcome {
        let leading = keepingLead(token, ttl, heartbeat)
        signatures.begin()
        for _ in 1...Self.attemptsBesideOthers {
            switch try phases.measure(.validate, { try read(commit, in: repository) }) {
            case .rejected(let rejection):
                try record(rejection, token: token, ttl: ttl)
                return .rejected(rejection)
            case .sound(let desired):
                try signatures.prepare(commit.id, in: repository, signers: desired.repository.signers, heartbeat: leading)
                do {
                    let outcome = try checkingSignatures(repository, leading) {
                        try apply(desired, repository, planGuard, token: token, ttl: ttl)
                    }
                    try settleChanges(in: repository)
                    return outcome
                } catch is OthersMoved {}
            }
        }
        // They move faster than this commit is validated, so they are made to wait for once.
        let outcome = try checkingSignatures(repository, leading) {
            try apply(commit, holdingOthersIn: repository, planGuard, token: token, ttl: ttl)
        }
        try settleChanges(in: repository)
        return outcome
    }

    /// Carries out `body` again once the signatures are checked that it wanted.
    private func checkingSignatures(
        _ repository: GitRepository, _ heartbeat: @escaping () throws -> Void, _ body: () throws -> ApplyOutcome
    ) throws -> ApplyOutcome {
        for _ in 1...Self.attemptsBesideSigners {
            do { return try body() } catch is VerdictsPostponed {
                try signatures.catchUp(in: repository, heartbeat: heartbeat)
            }
        }
        throw Trouble.retryAfter(.zero, "the signers of \(unit) keep changing while a commit is judged")
    }

    /// Renews the lead whenever a third of it is over.
    private func keepingLead(
        _ token: FencingToken, _ ttl: Duration, _ heartbeat: @escaping () throws -> Void
    ) -> () throws -> Void {
        var due = ContinuousClock.now + ttl / 3
        return { [connection] in
            try heartbeat()
            guard due < .now else { return }
            try connection.transaction { try Leadership.renew($0, token, ttl: ttl) }
            due = .now + ttl / 3
        }
    }

    private func apply(
        _ desired: DesiredState, _ repository: GitRepository, _ planGuard: PlanGuard, token: FencingToken, ttl: Duration
    ) throws -> ApplyOutcome {
        try transaction(token, ttl) { transaction in
            try apply(desired, repository, planGuard, transaction)
        }
    }

    /// Validates the commit within the transaction that applies it, while every other unit waits.
    private func apply(
        _ commit: Commit, holdingOthersIn repository: GitRepository, _ planGuard: PlanGuard, token: FencingToken, ttl: Duration
    ) throws -> ApplyOutcome {
        try transaction(token, ttl) { transaction in
            try Revisions.hold(transaction)
            switch try read(commit, in: repository, transaction) {
            case .rejected(let rejection):
                try Units.ensure(transaction, name: unit, repository: "\(source.location)", folder: source.folder)
                try record(rejection, transaction)
                return (.rejected(rejection), nil)
            case .sound(let desired): return try apply(desired, repository, planGuard, transaction)
            }
        }
    }

    /// One transaction under the lead, after which this process knows what is in the database.
    private func transaction(
        _ token: FencingToken, _ ttl: Duration, _ body: (Transaction) throws -> (ApplyOutcome, StateDifference?)
    ) throws -> ApplyOutcome {
        Failpoint.beforeApply.reach()
        // Reading a large repository may have outlasted the lead.
        try connection.transaction { try Leadership.renew($0, token, ttl: ttl) }
        let began = ContinuousClock.now
        defer { phases.add(.apply, since: began) }
        var written: (outcome: ApplyOutcome, difference: StateDifference?)?
        do {
            try Audit.transaction(connection, timeout: Self.applyTimeout) { transaction in
                written = nil
                try Leadership.check(transaction, token)
                written = try signatures.withoutWaiting { try body(transaction) }
            }
        } catch Trouble.humanMustConfirm(let blocked) {
            try record(blocked, token: token, ttl: ttl)
            throw Trouble.humanMustConfirm(blocked)
        } catch let error as DatabaseError where error.sqlState == .transactionResolutionUnknown {
            try requireRecorded(written?.outcome.revision, or: error)
        }
        guard let (outcome, difference) = written else { throw Trouble.retryAfter(.zero, "nothing was written") }
        Failpoint.afterApply.reach()
        if let difference { remember(difference, outcome.revision ?? difference.applied.revision) }
        return outcome
    }

    /// Answers no difference where the commit is refused before it is compared.
    private func apply(
        _ whole: DesiredState, _ repository: GitRepository, _ planGuard: PlanGuard, _ transaction: Transaction
    ) throws -> (ApplyOutcome, StateDifference?) {
        try Units.ensure(transaction, name: unit, repository: "\(source.location)", folder: source.folder)
        try Units.lock(transaction, name: unit)
        try refuseWhileSuspended(transaction)
        try checkOthers(transaction)
        let began = ContinuousClock.now
        let (desired, applied) = try sides(whole, transaction)
        let verification = try CommitJudge(unit: unit, whole, after: applied, in: repository, signatures).judge()
        try signatures.requireVerdicts()
        Failpoint.afterVerification.reach()
        if let refusal = try record(verification, of: desired.commit, planGuard, transaction) {
            return (.rejected(refusal), nil)
        }
        var difference = try StateDifference(unit: unit, desired: desired, applied: applied, in: repository)
        difference.plan.verification = verification
        difference.doubted = try DriftFindings.doubtedPlaces(transaction, unit: unit)
        if !difference.plan.drift.isEmpty {
            difference.leaveAdoptions(
                try DriftFindings.present(transaction, unit: unit), rules: try applied.policy?.rules, isByHand: planGuard.isByHand)
        }
        try planGuard.saved?.check(difference.plan)
        let judgement = try PlanJudgement(
            planGuard, difference, desired: whole, operator: Operator.name, in: repository, signatures, transaction)
        try signatures.requireVerdicts()
        phases.add(.plan, since: began)
        guard judgement.open.isEmpty else {
            var blocked = BlockedPlan(difference, blocks: judgement.open, remarks: judgement.remarks)
            blocked.verification = verification.row(unit: unit, isAccepted: planGuard.accepts(verification))
            throw Trouble.humanMustConfirm(blocked)
        }
        try RollbackHold.pass(unit: unit, by: Operator.name, desired.commit, transaction)
        try recordSound(difference.plan, transaction)
        try WaitingPlans.clear(transaction, unit: unit)
        let applier = Applier(difference)
        // What becomes of drift alone is for the mode of its kind to say, unless a person asked.
        guard planGuard.isByHand ? applier.hasWork : applier.hasNews else { return (.unchanged(difference.plan), difference) }
        let revision = try applier.write(transaction)
        try judgement.record(difference.plan, actor: Operator.name, transaction)
        try RevisionRecord(revision, difference.plan, judgement).append(transaction, actor: Operator.name)
        Failpoint.beforeCommit.reach()
        return (.applied(difference.plan, revision), difference)
    }

    /// Writes the unit's row only when it says something else, so that applying twice writes nothing.
    private func recordSound(_ plan: Plan, _ transaction: Transaction) throws {
        let commit = plan.tip
        let status = try Units.status(transaction).first { $0.name == unit }
        if status?.fetched?.commit != commit.id.hex || status?.fetchError != nil {
            try Units.recordFetch(transaction, unit: unit, .tip(commit: commit.id.hex))
        }
        if status?.validated?.commit != commit.id.hex || status?.rejected != nil || status?.asked?.digest != plan.stateDigest.hex {
            try Units.recordValidation(transaction, unit: unit, commit: commit.id.hex, asking: plan.askedState)
        }
    }

    /// A plan that is held back says of its commit that it is sound, and who answers for it.
    private func record(_ blocked: BlockedPlan, token: FencingToken, ttl: Duration) throws {
        try connection.transaction { transaction in
            // Judging may have outlasted the lead.
            try Leadership.renew(transaction, token, ttl: ttl)
            try Units.ensure(transaction, name: unit, repository: "\(source.location)", folder: source.folder)
            try Units.recordFetch(transaction, unit: unit, .tip(commit: blocked.commit))
            try Units.recordValidation(transaction, unit: unit, commit: blocked.commit, asking: blocked.asked)
            if let verification = blocked.verification { try Verifications.record(transaction, verification) }
            try WaitingPlans.record(transaction, blocked.row)
            try Outbox.append(transaction, .blocked(blocked), once: .blocked(blocked))
        }
        Failpoint.afterBlock.reach()
    }

    /// Says of a commit that nothing can be done with it until a person acts on what lies elsewhere.
    func record(stuck message: String, at commit: Commit, token: FencingToken) throws {
        try connection.transaction { transaction in
            try Leadership.check(transaction, token)
            try Units.recordRejection(
                transaction, unit: unit, commit: commit.id.hex, diagnostics: RecordedDiagnostic.stuck(message).text)
            try Outbox.append(
                transaction, .stuck(message, at: commit, unit: unit), once: .stuck(message, at: commit, unit: unit))
        }
    }

    private func record(_ rejection: Rejection, token: FencingToken, ttl: Duration) throws {
        try connection.transaction { transaction in
            try Leadership.renew(transaction, token, ttl: ttl)
            try Units.ensure(transaction, name: unit, repository: "\(source.location)", folder: source.folder)
            try record(rejection, transaction)
        }
        Failpoint.afterRejection.reach()
    }

    func record(_ rejection: Rejection, _ transaction: Transaction) throws {
        try WaitingPlans.clear(transaction, unit: unit)
        try Units.recordFetch(transaction, unit: unit, .tip(commit: rejection.commit.id.hex))
        try Units.recordRejection(
            transaction, unit: unit, commit: rejection.commit.id.hex, diagnostics: rejection.json.text)
        try Outbox.append(transaction, .rejected(rejection, unit: unit), once: .rejected(rejection, unit: unit))
    }

    /// How often other units may move on while a commit is validated beside them, before they have to wait.
    private static let attemptsBesideOthers = 3
    /// How often signatures may be found to want checking: of the commits themselves, of those that approve, and once more of each
    /// should the rules have changed.
    private static let attemptsBesideSigners = 5

    /// One statement may move a hundred thousand resources.
    static let applyTimeout = Duration.seconds(120)
}
