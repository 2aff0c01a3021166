internal import Spec

extension PlanGuard {
    /// What might hold the plan back and only a database knows: of the rules in force, those that concern what the plan changes.
    func unasked(_ plan: Plan, desired: DesiredState, applied: AppliedState) throws -> [GuardCode] {
        guard !plan.changes.isEmpty else { return [] }
        let thresholds = GuardThresholds(try applied.policyInForce(over: desired).rules.guards)
        var codes: [GuardCode] = []
        if plan.changes.count(where: { $0.isDeletion && $0.key.kind == .apiKey }) > thresholds.usedKeysFree { codes.append(.keysInUse) }
        let old = Set(plan.changes.filter { !$0.isCreation }.map(\.key.kind))
        if old.contains(.modelCatalog) { codes.append(.modelsInUse) }
        if thresholds.blocksBudgetsBelowSpent, !old.isDisjoint(with: [.budget, .apiKey]) { codes.append(.budgetsBelowSpent) }
        if thresholds.holdsFirstManagement(isFirst: plan.base == nil) { codes.append(.firstManagement) }
        // A rollback holds a unit by a row of its own.
        if plan.base != nil { codes.append(.rolledBack) }
        return codes
    }
}
