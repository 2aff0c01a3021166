internal import Policy
internal import Spec
internal import Store

/// The declarations that took part in a decision, as they stood at its revision.
struct DecisionLinks {
    /// One of them.
    struct Link {
        /// What it was in the decision.
        var part: String
        var declaration: PastDeclaration
    }

    private(set) var all: [Link] = []
    /// The key, where it was minted in a pool.
    private(set) var minted: DelegatedKeyRow?
    /// All of the organization; of these the ones that the record names took part.
    private var budgets: [PastDeclaration] = []
    /// Of whom the request was, declared or minted.
    private let subjects: [String]
    private let revision: Int64

    /// `models` are those that were tried or could have been, as `provider/model`. None took part of a revision that is not known.
    init(_ terms: UsageTerms, models: [String], at revision: Revision?, _ transaction: Transaction) throws {
        subjects = [terms.orgUID, terms.projectUID, terms.memberUID, terms.keyUID].compactMap(\.self)
        self.revision = revision?.id ?? 0
        guard let revision = revision?.id else { return }
        let org = try addOrganization(terms, transaction)
        try add("project", PastDeclaration.of([terms.projectUID].compactMap(\.self), at: revision, transaction))
        try add("owner", PastDeclaration.of([terms.memberUID].compactMap(\.self), at: revision, transaction))
        for scope in try addKey(terms, in: org, transaction) { try addNearest("scope", .scope, scope, in: org, transaction) }
        if let route = terms.route, !route.isEmpty { try addRoute(route, in: org, transaction) }
        try addModels(models, transaction)
        budgets = try PastDeclaration.named(.budget, in: org, at: revision, transaction)
    }

    private mutating func add(_ part: String, _ declarations: [PastDeclaration]) {
        all += declarations.map { Link(part: part, declaration: $0) }
    }

    /// Its name then.
    private mutating func addOrganization(_ terms: UsageTerms, _ transaction: Transaction) throws -> String {
        let found = try PastDeclaration.of([terms.orgUID], at: revision, transaction)
        add("organization", found)
        if case .organization(let spec) = found.first?.body, let plan = spec.plan {
            add("plan", try PastDeclaration.named(.plan, plan, in: nil, at: revision, transaction))
        }
        return found.first?.key.name ?? terms.org
    }

    /// The names of its scopes.
    private mutating func addKey(_ terms: UsageTerms, in org: String, _ transaction: Transaction) throws -> [String] {
        let found = try PastDeclaration.of([terms.keyUID], at: revision, transaction)
        add("key", found)
        if case .apiKey(let spec) = found.first?.body { return spec.scopes }
        guard let minted = try DelegatedKeys.find(transaction, .organization(org), uid: terms.keyUID) else { return [] }
        self.minted = minted
        let pools = try PastDeclaration.of([minted.poolUID], at: revision, transaction)
        add("pool", pools)
        guard case .keyPool(let spec) = pools.first?.body else { return minted.scopes ?? [] }
        return minted.scopes ?? spec.each.scopes
    }

    /// The organization's own of that name, else the platform's.
    private mutating func addNearest(_ part: String, _ kind: Kind, _ name: String, in org: String, _ transaction: Transaction) throws {
        let own = try PastDeclaration.named(kind, name, in: org, at: revision, transaction)
        add(part, try own.isEmpty ? PastDeclaration.named(kind, name, in: nil, at: revision, transaction) : own)
    }

    private mutating func addRoute(_ route: String, in org: String, _ transaction: Transaction) throws {
        let key = TargetName.route(route)
        try addNearest("route", .routingPolicy, key.name, in: key.org ?? org, transaction)
    }

    private mutating func addModels(_ models: [String], _ transaction: Transaction) throws {
        guard !models.isEmpty else { return }
        let providers = Set(models.map { String($0.prefix { $0 != "/" }) })
        for provider in providers.sorted() {
            add("provider", try PastDeclaration.named(.provider, provider, in: nil, at: revision, transaction))
        }
        let catalogs = try PastDeclaration.named(.modelCatalog, in: nil, at: revision, transaction)
        add(
            "catalog",
            catalogs.filter { catalog in
                guard case .modelCatalog(let spec) = catalog.body else { return false }
                return providers.contains(spec.provider) && spec.models.contains { models.contains("\(spec.provider)/\($0.name)") }
            })
    }

    // MARK: budgets

    /// The lineages that an override which took part can be about.
    var lineages: [String] { subjects + all.map(\.declaration.uid) + budgets.map(\.uid) }

    /// The declaration in which a rule stood, or which the override that it names was about.
    func declaration(of rule: String, under overrides: [Override]) -> PastDeclaration? {
        let known = all.map(\.declaration) + budgets
        guard let id = DecisionRecord.override(rule) else { return PastDeclaration.holding(rule, among: known) }
        return overrides.first { $0.uid == id }.flatMap { override in known.first { $0.uid == override.targetUID } }
    }

    /// Counts budgets among the links by which the request was bound.
    mutating func addBudgets(binding rules: [String], under overrides: [Override]) {
        let uids = Set(rules.compactMap { declaration(of: $0, under: overrides)?.uid })
        add("budget", budgets.filter { uids.contains($0.uid) })
        budgets = []
    }
}
