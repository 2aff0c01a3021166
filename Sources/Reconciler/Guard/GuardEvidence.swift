package import Spec
internal import Store

/// What the database knows of the use of things that a plan would take away.
package struct GuardEvidence: Sendable {
    package var keys: [RecentUse] = []
    package var models: [RecentUse] = []
    package var cuts: [BudgetCut] = []
    package var now: Instant

    /// Of a plan that is made without a database.
    package static var unknown: GuardEvidence { GuardEvidence(now: .now) }

    init(now: Instant) { self.now = now }

    /// Asks for no more than the rules in force want to know of what the plan changes.
    init(_ sides: StateSides, _ thresholds: GuardThresholds, _ transaction: Transaction, now: Instant) throws {
        self.now = now
        keys = try Self.keys(sides, thresholds, transaction)
        models = try Self.models(sides, thresholds.modelsUsedWithin, transaction)
        if thresholds.blocksBudgetsBelowSpent { cuts = try BudgetCuts(sides, now: now).find(transaction) }
    }

    private static func keys(
        _ sides: StateSides, _ thresholds: GuardThresholds, _ transaction: Transaction
    ) throws -> [RecentUse] {
        let deleted = sides.plan.changes.filter { $0.isDeletion && $0.key.kind == .apiKey }
        // So few may go whether they are used or not.
        guard deleted.count > thresholds.usedKeysFree else { return [] }
        let used = try RecentUsage.ofKeys(transaction, deleted.compactMap(\.uid), within: thresholds.keysUsedWithin)
        return deleted.compactMap { change in
            change.uid.flatMap { used[$0] }.map {
                RecentUse(name: "\(change.key)", org: change.key.org, requests: $0.requests, last: $0.last)
            }
        }
    }

    /// Models that no catalog has any more, whatever became of the catalog.
    private static func models(
        _ sides: StateSides, _ within: Duration, _ transaction: Transaction
    ) throws -> [RecentUse] {
        guard sides.plan.changes.contains(where: { $0.key.kind == .modelCatalog && !$0.isCreation }) else { return [] }
        let removed = names(try sides.before([.modelCatalog])).subtracting(names(try sides.after([.modelCatalog])))
        return try RecentUsage.ofModels(transaction, removed.sorted(), within: within)
            .sorted { $0.key < $1.key }
            .map { RecentUse(name: $0.key, org: nil, requests: $0.value.requests, last: $0.value.last) }
    }

    /// As `provider/model`.
    private static func names(_ catalogs: [Resource]) -> Set<String> {
        Set(
            catalogs.flatMap { resource -> [String] in
                guard case .modelCatalog(let catalog) = resource.body else { return [] }
                return catalog.models.map { "\(catalog.provider)/\($0.name)" }
            })
    }
}
