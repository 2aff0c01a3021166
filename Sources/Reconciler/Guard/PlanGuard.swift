internal import Spec
internal import Store

/// Judges whether a plan may be applied without another word; it never changes the plan.
package struct PlanGuard: Sendable {
    /// A person has said that the deletions are meant.
    package var allowsMassDeletion = false
    /// A person has said that the branch was rewritten on purpose.
    package var allowsRewrite = false
    /// The full id of a commit that a person answers for in place of its signatures.
    package var acceptedUnverified: String?
    /// The digest of the plan that the person who applies it answers for, or its beginning.
    package var approvedDigest: String?
    /// The plan that alone may be applied; nil where any may.
    package var saved: PlanFile?
    /// Whether a person asked for the apply; `charter watch` did not.
    package var isByHand = true

    package init() {}

    /// That of `charter watch`.
    package static var automatic: PlanGuard {
        var planGuard = PlanGuard()
        planGuard.isByHand = false
        return planGuard
    }

    /// The reasons against applying `plan`, judged by the rules and the state applied last; empty when there are none.
    ///
    /// The rules of the commit itself count only where none are applied yet, since a protection must not be removable by
    /// the commit that it should stop.
    package func judge(
        _ plan: Plan, desired: DesiredState, applied: AppliedState, evidence: GuardEvidence = .unknown
    ) throws -> [GuardBlock] {
        if desired.fileCount == 0 && plan.population > 0 { return [.emptyRead(population: plan.population)] }
        let policy = try applied.policyInForce(over: desired)
        let thresholds = GuardThresholds(policy.rules.guards)
        let sides = StateSides(plan: plan, desired: desired, applied: applied)
        return try massDeletion(plan, thresholds) + rewrite(plan, applied)
            + MemberGuard(sides, thresholds, now: evidence.now).blocks
            + protected(sides, policy) + inUse(evidence, thresholds) + takeover(sides, thresholds)
            + confirmations(sides, policy.rules) + gates(plan, policy.rules)
    }

    /// Only as much as a rule and a flag are about.
    func isAllowed(_ block: GuardBlock) -> Bool {
        switch block {
        case .massDeletion: allowsMassDeletion
        case .rewritten: allowsRewrite
        case .manual: isByHand
        default: false
        }
    }

    // MARK: Deletions

    private func massDeletion(_ plan: Plan, _ thresholds: GuardThresholds) -> [GuardBlock] {
        let deleted = plan.tally.deleted
        guard deleted > 0, let limit = thresholds.exceeded(by: deleted, of: plan.population) else { return [] }
        let scopes = Set(plan.changes.filter(\.isDeletion).map { GuardScope($0.key.org) })
        return [.massDeletion(deleted: deleted, population: plan.population, limit: limit, scopes: scopes)]
    }

    /// Deletions that wait for a word: by the rules in force, or by those that the commit brings.
    ///
    /// Where nothing was deleted until now, the commit that changes this must not delete at once.
    private func confirmations(_ sides: StateSides, _ rules: Repository) -> [GuardBlock] {
        let waiting = sides.plan.changes.filter(\.isDeletion).map(\.key).filter { key in
            rules.prune(of: key.kind) != .on || sides.desired.repository.prune(of: key.kind) == .confirm
        }
        return waiting.isEmpty ? [] : [.pruneConfirm(waiting)]
    }

    /// By the rules as applied, since a rewritten branch could bring any.
    private func rewrite(_ plan: Plan, _ applied: AppliedState) throws -> [GuardBlock] {
        guard let movement = plan.movement, movement != .forward,
            try (applied.policy?.rules ?? .standard).history == .forward
        else { return [] }
        let base = applied.revision?.vector[plan.unit] ?? ""
        return [.rewritten(from: base, to: plan.tip.id.hex, movement)]
    }

    // MARK: What is known of the database

    private func inUse(_ evidence: GuardEvidence, _ thresholds: GuardThresholds) -> [GuardBlock] {
        var blocks: [GuardBlock] = []
        if evidence.keys.count > thresholds.usedKeysFree {
            blocks.append(.keysInUse(evidence.keys, within: thresholds.keysUsedWithin))
        }
        if !evidence.models.isEmpty { blocks.append(.modelsInUse(evidence.models, within: thresholds.modelsUsedWithin)) }
        if thresholds.blocksBudgetsBelowSpent, !evidence.cuts.isEmpty { blocks.append(.budgetsBelowSpent(evidence.cuts)) }
        return blocks
    }

    /// Rows that no revision put there, which the plan would replace or delete.
    private func takeover(_ sides: StateSides, _ thresholds: GuardThresholds) -> [GuardBlock] {
        guard thresholds.holdsFirstManagement(isFirst: sides.plan.base == nil) else { return [] }
        let foreign = sides.applied.actual.filter { uid, row in
            sides.applied.applied[uid] == nil
                // Only its lineage begins anew.
                && (thresholds.firstManagement == .held || sides.desired.resources[row.key]?.canonical != row.canonical)
        }.map(\.value.key)
        let strangers = sides.applied.strangers.map(\.name).sorted()
        return foreign.isEmpty && strangers.isEmpty ? [] : [.firstManagement(foreign.sorted(), strangers: strangers)]
    }

    // MARK: Modes

    private func gates(_ plan: Plan, _ rules: Repository) -> [GuardBlock] {
        guard !plan.changes.isEmpty, plan.base != nil else { return [] }
        switch rules.sync {
        case .auto: return []
        case .manual: return [.manual(changes: plan.changes.count)]
        case .proposals:
            return [.proposal(changes: plan.changes.count, scopes: Set(plan.changes.map { GuardScope($0.key.org) }))]
        }
    }
}

extension GuardThresholds {
    func holdsFirstManagement(isFirst: Bool) -> Bool { firstManagement == .held || (firstManagement == .heldAtFirst && isFirst) }

    /// Which limit so many deletions exceed; nil when none.
    func exceeded(by deleted: Int, of population: Int) -> GuardBlock.DeletionLimit? {
        if deleted == population { return .everything }
        if let deletedCountMax, deleted > deletedCountMax { return .count(deletedCountMax) }
        let isMany = population >= populationMin && deleted * Self.whole > population * deletedShareMax
        return isMany ? .share(deletedShareMax) : nil
    }
}

extension AppliedState {
    /// The rules that judge a commit: those applied last, and its own where none are.
    func policyInForce(over desired: DesiredState) throws -> (rules: Repository, spans: Spans) {
        if let policy = try policy { return policy }
        let own = base == nil ? desired.repository : .standard
        return (own, Spans(path: SourceFile.rulesPath))
    }
}
