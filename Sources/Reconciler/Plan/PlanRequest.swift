internal import Spec
internal import Store

/// What a plan is made of: what is wanted, and what it is compared with. Nothing is written.
package struct PlanRequest: Sendable {
    package enum Wanted: Sendable {
        /// What the branch names now.
        case tip(GitSource)
        /// A commit by any name that Git takes for one.
        case commit(GitSource, named: String)
    }

    package enum Against: Sendable {
        /// Of this URL.
        case database(String)
        case export(AppliedExport)

        /// What is applied of a unit, and what of others it is validated beside.
        func state(of unit: String) throws -> AppliedState {
            switch self {
            case .export(let export): return try export.state(of: unit)
            case .database(let url):
                let connection = try Connection(url)
                try Migrations.check(connection)
                return try connection.transaction(.repeatableRead) { try AppliedState($0, unit: unit) }
            }
        }

        /// What the commit is validated beside.
        func others(of unit: String) throws -> OtherUnits {
            switch self {
            case .export(let export): return try export.state(of: unit).others
            case .database(let url):
                let connection = try Connection(url)
                try Migrations.check(connection)
                return try connection.transaction(.repeatableRead) { transaction in
                    try OtherUnits(transaction, than: unit, from: History.base(transaction))
                }
            }
        }
    }

    package var wanted: Wanted
    package var against: Against
    package var unit: String
    package var planGuard = PlanGuard()
    /// Is handed what the plan was made of, for a process that is about to end to leave it until then.
    package var keep: @Sendable (any Sendable) -> Void = { _ in }

    package init(_ wanted: Wanted, against: Against, unit: String = ReconcileSession.defaultUnit) {
        self.wanted = wanted
        self.against = against
        self.unit = unit
    }

    package func run() throws -> PlanOutcome {
        switch wanted {
        case .tip(let source):
            try source.refresh()
            let repository = try source.open()
            return try plan(source.tip(in: repository), in: repository, source.limits)
        case .commit(let source, let name):
            try source.refresh()
            let repository = try source.open()
            return try plan(source.commit(named: name, in: repository), in: repository, source.limits)
        }
    }

    private func plan(_ commit: Commit, in repository: GitRepository, _ limits: GitLimits) throws -> PlanOutcome {
        var reader = CommitReader(limits: limits)
        reader.others = try against.others(of: unit)
        switch try reader.read(commit, in: repository) {
        case .rejected(let rejection): return .rejected(rejection)
        case .sound(let desired):
            // Not before the commit is read: what reading takes up for a while is as much memory as this.
            let applied = try against.state(of: unit)
            let signatures = SignatureMemory()
            let verification = try CommitJudge(unit: unit, desired, after: applied, in: repository, signatures).judge()
            if let refusal = verification.refusal(of: commit) { return .rejected(refusal) }
            var difference = try StateDifference(unit: unit, desired: desired, applied: applied, in: repository)
            difference.plan.verification = verification
            return try outcome(difference, in: repository, signatures)
        }
    }

    private func outcome(
        _ difference: StateDifference, in repository: GitRepository?, _ signatures: SignatureMemory
    ) throws -> PlanOutcome {
        keep(difference)
        var plan = difference.plan
        switch against {
        case .export:
            plan.isDriftKnown = false
            plan.unasked = try planGuard.unasked(plan, desired: difference.desired, applied: difference.applied)
            return .planned(plan, try planGuard.judge(plan, desired: difference.desired, applied: difference.applied))
        case .database(let url):
            let judgement = try Connection(url).transaction { transaction in
                try PlanJudgement(
                    planGuard, difference, desired: difference.desired, operator: "", in: repository, signatures, transaction)
            }
            plan.remarks = judgement.remarks
            return .planned(plan, judgement.open)
        }
    }
}

/// What a plan came to.
package enum PlanOutcome: Sendable {
    case planned(Plan, [GuardBlock])
    case rejected(Rejection)
}
