internal import Policy
internal import Spec
internal import Store

/// The answer of `charter why`: how a request came to its answer, with what was declared and overridden then.
package struct DecisionChain: Sendable {
    /// A limit or budget that it fell under.
    struct Bound {
        var hold: DecisionRecord.Hold
        /// Nil where nothing that is known of then holds the rule.
        var declaration: PastDeclaration?
    }

    let decision: DecisionName
    let attempts: [UsageRow]
    /// What prices were put right by later.
    let corrections: [UsageRow]
    /// Nil where the ledger has none any more.
    let record: DecisionRecord?
    /// Nil where it is not known any more.
    let revision: Revision?
    let links: [DecisionLinks.Link]
    let minted: DelegatedKeyRow?
    let bounds: [Bound]
    /// In force then over what took part, the oldest first.
    let overrides: [Override]
    /// What was in force then and this program cannot read.
    let unreadable: [UnreadableOverride]
    /// What is of all organizations alike is told without whose words it was.
    let isForOneOrganization: Bool
    /// Of what is the organization's.
    let reach: ProjectReach

    /// `rows` are all that the ledger has of the decision, at least one.
    init(_ decision: DecisionName, _ rows: [UsageRow], isForOneOrganization: Bool, reach: ProjectReach, _ transaction: Transaction) throws {
        self.decision = decision
        self.reach = reach
        self.isForOneOrganization = isForOneOrganization
        corrections = rows.filter(\.isCorrection)
        attempts = corrections.count == rows.count ? rows : rows.filter { !$0.isCorrection }
        let (first, record) = (attempts[0], attempts.reversed().lazy.compactMap { DecisionRecord($0.detail) }.first)
        self.record = record
        let revision = try Revisions.one(transaction, first.terms.revision)
        self.revision = revision
        let models = Self.distinct(attempts.map(\.terms.model).filter { !$0.isEmpty } + (record?.considered.map(\.model) ?? []))
        var links = try DecisionLinks(first.terms, models: models, at: revision, transaction)
        let found = try Overrides.rowsInForce(transaction, at: first.at, over: links.lineages)
        let (named, holds) = (record?.overrides ?? [], record?.holds ?? [])
        bounds = holds.map { Bound(hold: $0, declaration: links.declaration(of: $0.rule, under: found.overrides)) }
            .filter { reach == .everything || $0.declaration.map { reach.includes($0.project) } ?? false }
        links.addBudgets(binding: holds.map(\.rule), under: found.overrides)
        let taking = Set(links.lineages)
        overrides = found.overrides.filter { override in
            named.contains(override.uid) || taking.contains(override.targetUID) && (override.part.map { models.contains($0) } ?? true)
        }
        unreadable = found.unreadable
        self.links = links.all
        minted = links.minted
    }

    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// What the decision is booked to.
    var terms: UsageTerms { attempts[0].terms }

    /// Nil where a model itself was asked for.
    var route: String? { terms.route.flatMap { $0.isEmpty ? nil : $0 } }

    var status: Int { attempts[attempts.count - 1].status }

    /// With corrections.
    var cost: NanoUSD { (attempts + corrections).reduce(.zero) { $0 + $1.cost } }

    /// How an attempt ended, in the gateway's words; nil where nothing is left of them.
    func outcome(_ row: UsageRow) -> String? {
        guard let outcomes = record?.outcomes, row.attempt > 0, row.attempt <= outcomes.count else { return nil }
        return outcomes[row.attempt - 1]
    }

    /// Whether an override's words and values may be told to whoever asks.
    func tells(_ override: Override) -> Bool {
        guard override.target.org != nil else { return !isForOneOrganization }
        return reach == .everything || links.contains { $0.declaration.uid == override.targetUID && reach.includes($0.declaration.project) }
    }

    /// What is missing of the chain, and why.
    var gaps: [String] {
        var gaps: [String] = []
        if revision == nil {
            gaps.append("revision \(terms.revision) is not in this database any more: what was declared then is not known, nor who changed it")
        }
        if record == nil {
            gaps.append("the decision record is gone (`retention.decisions`), or its gateway was killed before it was written: which limits, budgets and targets it met is not known")
        }
        return gaps + unreadable.map(\.description)
    }
}
