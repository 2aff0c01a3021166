internal import Policy
internal import Spec
internal import Store

/// Budgets that a plan would make smaller than what is spent of them in their present window.
struct BudgetCuts {
    private let sides: StateSides
    private let now: Instant

    init(_ sides: StateSides, now: Instant) { (self.sides, self.now) = (sides, now) }

    /// Sums the ledger for each one that is cut.
    func find(_ transaction: Transaction) throws -> [BudgetCut] {
        var cuts: [BudgetCut] = []
        for change in sides.plan.changes where [.budget, .apiKey].contains(change.key.kind) {
            guard let before = try sides.before(change), let after = sides.desired.resources[change.key],
                let hard = Self.lowered(from: Self.terms(of: before), to: Self.terms(of: after)),
                let subject = try subject(of: after, uid: change.uid, transaction)
            else { continue }
            let terms = Self.terms(of: after)
            let (from, to) = span(hard, zone: terms?.zone ?? "UTC", starts: terms?.starts)
            var spent: Int64 = 0
            for part in subject { spent += hard.amount.number(in: try Ledger.sums(transaction, part, from: from, to: to)) }
            guard spent > hard.amount.count else { continue }
            cuts.append(BudgetCut(budget: change.key, spent: hard.amount.text(of: spent), hard: hard.text))
        }
        return cuts
    }

    /// The new bound where it may be tighter than the old one: less, or counted over another time, or in another unit.
    private static func lowered(from old: BudgetTerms?, to new: BudgetTerms?) -> Allowance? {
        guard let hard = new?.hard, old?.hard != hard else { return nil }
        guard let before = old?.hard, before.span == hard.span, before.amount.isSameUnit(as: hard.amount) else { return hard }
        return hard.amount.count < before.amount.count ? hard : nil
    }

    private static func terms(of resource: Resource) -> BudgetTerms? {
        switch resource.body {
        case .budget(let budget): budget.terms
        case .apiKey(let key): key.budget
        default: nil
        }
    }

    private func span(_ hard: Allowance, zone: String, starts: WindowStart?) -> (from: Instant, to: Instant) {
        switch hard.span {
        case .calendar(let window):
            let window = (Zone(name: zone) ?? .utc).window(window, starts: starts, around: now)
            return (window.start, window.end)
        case .rolling(let length):
            return (Instant(milliseconds: now.milliseconds - length.wholeMilliseconds), CalendarWindow.never)
        }
    }

    // MARK: Whose usage counts

    /// Several whose sums belong together; nil where the database does not know it, so that nothing was spent.
    private func subject(of resource: Resource, uid: String?, _ transaction: Transaction) throws -> [UsageSubject]? {
        guard let org = resource.key.org,
            let orgUID = try self.uid(ResourceKey(org: org, kind: .organization, name: org), transaction)
        else { return nil }
        let whole = UsageSubject(orgUID: orgUID)
        guard case .budget(let budget) = resource.body else {
            return uid.map { [UsageSubject(orgUID: orgUID, keyUID: $0)] }
        }
        switch budget.subject {
        case .organization: return [whole]
        case .project(let name):
            return try self.uid(ResourceKey(org: org, kind: .project, name: name), transaction)
                .map { [UsageSubject(orgUID: orgUID, projectUID: $0)] }
        case .member(let name):
            return try self.uid(ResourceKey(org: org, kind: .member, name: name), transaction)
                .map { [UsageSubject(orgUID: orgUID, memberUID: $0)] }
        case .key(let name): return try key(named: name, in: org, orgUID, transaction).map { [$0] }
        case .model(let pattern): return [UsageSubject(orgUID: orgUID, models: globs(of: pattern))]
        case .tag(let tag): return try keys(tagged: tag, in: org).compactMap { try key(named: $0, in: org, orgUID, transaction) }
        }
    }

    private func key(
        named name: String, in org: String, _ orgUID: String, _ transaction: Transaction
    ) throws -> UsageSubject? {
        try uid(ResourceKey(org: org, kind: .apiKey, name: name), transaction)
            .map { UsageSubject(orgUID: orgUID, keyUID: $0) }
    }

    private func uid(_ key: ResourceKey, _ transaction: Transaction) throws -> String? {
        try Resources.one(transaction, key)?.uid
    }

    private func keys(tagged tag: Tag, in org: String) -> [String] {
        sides.desired.resources.values.compactMap { resource in
            guard case .apiKey(let key) = resource.body, resource.key.org == org, key.tags[tag.name] == tag.value else {
                return nil
            }
            return resource.key.name
        }
    }

    private func globs(of pattern: ModelPattern) -> [String] {
        switch pattern {
        case .name(let glob): return [glob]
        case .label(let name, let value):
            return sides.desired.resources.values.flatMap { resource -> [String] in
                guard case .modelCatalog(let catalog) = resource.body else { return [] }
                return catalog.models.filter { $0.labels[name] == value }.map { "\(catalog.provider)/\($0.name)" }
            }
        }
    }
}

extension Allowance.Amount {
    /// In billionths of a USD, tokens or requests.
    fileprivate var count: Int64 {
        switch self {
        case .money(let money): money.rawValue
        case .tokens(let count), .requests(let count): count
        }
    }

    fileprivate func number(in sums: UsageSums) -> Int64 {
        switch self {
        case .money: sums.cost.rawValue
        case .tokens: sums.tokens
        case .requests: sums.requests
        }
    }

    fileprivate func isSameUnit(as other: Allowance.Amount) -> Bool {
        switch (self, other) {
        case (.money, .money), (.tokens, .tokens), (.requests, .requests): true
        default: false
        }
    }

    fileprivate func text(of number: Int64) -> String {
        switch self {
        case .money: NanoUSD(number).text
        case .tokens: "\(number) tokens"
        case .requests: "\(number) requests"
        }
    }
}
