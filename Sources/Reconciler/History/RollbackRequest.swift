internal import Crypto
package import Spec
package import Store

/// `charter rollback`: brings back the state that a unit had at an earlier revision, as an act of its own.
package struct RollbackRequest: Sendable {
    package var moment: Moment
    package var unit: String
    /// Why, for everybody who looks.
    package var reason: String
    /// Who asks.
    package var actor: String
    package var planGuard = PlanGuard()
    /// Asked which commits to revert, where there is one.
    package var source: GitSource?

    package init(to moment: Moment, unit: String = ReconcileSession.defaultUnit, reason: String, actor: String) {
        self.moment = moment
        self.unit = unit
        self.reason = reason
        self.actor = actor
    }

    /// What it would do; nothing is written.
    package func plan(_ connection: Connection) throws -> RollbackOutcome {
        try connection.transaction(.repeatableRead) { transaction in
            let difference = try difference(transaction)
            let judgement = try judge(difference, transaction)
            return try outcome(difference, .planned(blocks: judgement.open), transaction)
        }
    }

    /// Takes the lead for the moment, and writes all of it or nothing.
    package func run(_ connection: Connection) throws -> RollbackOutcome {
        let token = try connection.transaction { transaction in
            try Leadership.takeOver(
                transaction, name: ReconcileSession.leaderName(of: unit), holder: actor, ttl: ReconcileSession.leaseTTL)
        }
        // Should the database be away, the lead ends by itself.
        defer {
            try? connection.transaction { try Leadership.release($0, token) }
            try? ConditionLedger.settle(connection, unit: unit)
        }
        let outcome = try connection.transaction(.repeatableRead, timeout: ReconcileSession.applyTimeout) { transaction in
            try Leadership.check(transaction, token)
            // Writing the row makes an apply that began earlier start over, and see the hold.
            try Units.touch(transaction, name: unit)
            return try apply(transaction)
        }
        Failpoint.afterRollback.reach()
        return outcome
    }

    private func apply(_ transaction: Transaction) throws -> RollbackOutcome {
        let difference = try difference(transaction)
        guard !difference.plan.isEmpty else { return try outcome(difference, .unchanged, transaction) }
        let judgement = try judge(difference, transaction)
        guard judgement.open.isEmpty else {
            throw RollbackProblem.blocked(judgement.open, digest: difference.plan.digest.hex, judgement.remarks)
        }
        let revision = try Applier(difference).write(transaction)
        try judgement.record(difference.plan, actor: actor, transaction)
        try UnitHolds.set(transaction, unit: unit, revision: revision.id, actor: actor, reason: reason)
        try record(revision, difference, transaction)
        Failpoint.beforeRollback.reach()
        return try outcome(difference, .done(revision), transaction)
    }

    private func difference(_ transaction: Transaction) throws -> StateDifference {
        let target = try moment.resolve(transaction)
        return try StateDifference(
            rollingBack: unit, to: target, by: actor, because: reason, from: AppliedState(transaction, unit: unit), transaction)
    }

    private func judge(_ difference: StateDifference, _ transaction: Transaction) throws -> PlanJudgement {
        try PlanJudgement(planGuard, difference, desired: difference.desired, operator: actor, in: nil, SignatureMemory(), transaction)
    }

    private func record(_ revision: Revision, _ difference: StateDifference, _ transaction: Transaction) throws {
        let detail = JSONTree.object([
            ("reason", .string(reason)), ("from", .optional(difference.plan.base.map { "\($0.revision)" })),
            ("to", .string("\(revision.restored ?? 0)")), ("revision", .int(revision.id)),
            ("tally", difference.plan.tally.json),
        ])
        try Audit.append(
            transaction, .platform, actor: actor, action: "revision.rolled_back", subject: unit, detail: detail.text)
    }

    private func outcome(
        _ difference: StateDifference, _ result: RollbackOutcome.Result, _ transaction: Transaction
    ) throws -> RollbackOutcome {
        let folder = try Units.status(transaction).first { $0.name == unit }?.folder ?? ""
        let repository = source.flatMap { try? $0.open() }
        let from = difference.applied.revision?.vector[unit].flatMap { ObjectID(hex: $0) }
        let to = difference.desired.commit.id
        return RollbackOutcome(
            plan: difference.plan, target: difference.restoration?.revision.id ?? 0, result: result,
            remedy: RollbackRemedy(from: from ?? to, to: to, folder: folder, in: repository))
    }
}

/// What a rollback came to.
package struct RollbackOutcome: Sendable {
    package enum Result: Sendable {
        case planned(blocks: [GuardBlock])
        /// The state is the one asked for already.
        case unchanged
        case done(Revision)
    }

    package var plan: Plan
    /// The revision whose state is asked for.
    package var target: Int64
    package var result: Result
    package var remedy: RollbackRemedy

    package var text: String {
        var lines = ["Rollback of unit \(plan.unit.printable): revision \(plan.base?.revision ?? 0) → the state of revision \(target)"]
        lines += Drift.lines(of: plan.drift, since: plan.base)
        if !plan.changes.isEmpty { lines += ["", "Changes:"] + plan.changes.flatMap(\.lines) }
        switch result {
        case .planned(let blocks):
            lines += ["", plan.isEmpty ? "Nothing to change: the state is that of revision \(target) already." : "Plan: \(plan.tally)."]
            lines += blocks.map { "Blocked [\($0.code)]: \($0)." }
            if !blocks.isEmpty { lines.append(RollbackProblem.remedy(blocks, digest: plan.digest.hex)) }
        case .unchanged:
            lines += ["", "Nothing to change: the state is that of revision \(target) already."]
            return lines.joined(separator: "\n")
        case .done(let revision):
            lines += ["", "Done as revision \(revision.id): \(plan.tally.words)."]
        }
        return (lines + ["", remedy.text]).joined(separator: "\n")
    }

    package var json: JSONTree {
        let (name, revision): (String, Int64?) =
            switch result {
            case .planned: ("planned", nil)
            case .unchanged: ("unchanged", nil)
            case .done(let revision): ("rolled_back", revision.id)
            }
        let blocks: [GuardBlock] = if case .planned(let blocks) = result { blocks } else { [] }
        return .object([
            ("format", .int(1)), ("outcome", .string(name)), ("target", .int(target)),
            ("revision", revision.map { .int($0) } ?? .null), ("commands", .array(remedy.commands.map(JSONTree.string))),
            ("plan", plan.json(blocks: blocks)),
        ])
    }
}
