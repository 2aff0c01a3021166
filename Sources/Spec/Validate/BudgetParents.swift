/// Budgets that are larger than one around them, and so are never reached.
struct BudgetParents {
    private(set) var diagnostics: [Diagnostic] = []
    private var bounds: [Owner: [Measure: Bound]] = [:]

    /// Whose use a budget bounds.
    private enum Owner: Hashable {
        case organization(String)
        case project(org: String, name: String)
        case member(org: String, name: String)
        case key(org: String, name: String)
    }

    fileprivate enum Unit: Hashable { case money, tokens, requests }

    /// Only amounts of one measure can be compared.
    fileprivate struct Measure: Hashable {
        var unit: Unit
        var window: Window
        var zone: String
    }

    private struct Bound {
        var amount: Int64
        var terms: BudgetTerms
        /// In words: "the organization's".
        var whose: String
        var place: Place?
    }

    init(_ graph: Graph) {
        let resources = graph.inOrder.compactMap { graph.resources[$0.key] }
        for resource in resources { gather(resource) }
        for resource in resources { compare(resource, graph) }
    }

    // MARK: Bounds

    /// Keeps the lowest of each measure, which is the one that counts.
    private mutating func gather(_ resource: Resource) {
        guard case .budget(let budget) = resource.body, let org = resource.key.org else { return }
        switch budget.subject {
        case .organization: keep(budget.terms, .organization(org), "the organization's budget", resource)
        case .project(let name):
            keep(budget.terms, .project(org: org, name: name), "the budget of the project `\(name)`", resource)
        case .member(let name):
            keep(budget.terms, .member(org: org, name: name), "the budget of its owner `\(name)`", resource)
        case .key(let name): keep(budget.terms, .key(org: org, name: name), "the budget of the key", resource)
        default: break
        }
    }

    private mutating func keep(_ terms: BudgetTerms, _ owner: Owner, _ whose: String, _ resource: Resource) {
        let (measure, amount) = Self.measure(terms)
        if let known = bounds[owner]?[measure], known.amount <= amount { return }
        bounds[owner, default: [:]][measure] = Bound(
            amount: amount, terms: terms, whose: "\(whose), `\(resource.key.name)`,",
            place: resource.spans["/spec/hard"] ?? resource.place)
    }

    private static func measure(_ terms: BudgetTerms) -> (Measure, Int64) {
        let (unit, amount): (Unit, Int64) =
            switch terms.hard.amount {
            case .money(let money): (.money, money.rawValue)
            case .tokens(let count): (.tokens, count)
            case .requests(let count): (.requests, count)
            }
        return (Measure(unit: unit, window: terms.hard.window, zone: terms.zone), amount)
    }

    // MARK: Comparison

    private mutating func compare(_ resource: Resource, _ graph: Graph) {
        guard let org = resource.key.org else { return }
        switch resource.body {
        case .budget(let budget):
            let around: [Owner]
            switch budget.subject {
            case .organization: return
            case .key(let name):
                guard case .apiKey(let key)? = graph.resources[ResourceKey(org: org, kind: .apiKey, name: name)]?.body
                else { return }
                around = Self.around(key, org)
            default: around = [.organization(org)]
            }
            compare(budget.terms, at: "/spec/hard", of: resource, with: around)
        case .apiKey(let key):
            guard let terms = key.budget else { return }
            compare(terms, at: "/spec/budget/hard", of: resource, with: Self.around(key, org))
        default: break
        }
    }

    /// The lowest bound of an owner that leaves an amount out of reach.
    private func lowest(_ measure: Measure, below amount: Int64, of owner: Owner) -> Bound? {
        guard let known = bounds[owner] else { return nil }
        let lower = measure.containing.compactMap { known[$0] }.filter { $0.amount < amount }
        return lower.min { $0.amount < $1.amount }
    }

    private static func around(_ key: APIKey, _ org: String) -> [Owner] {
        [key.project.map { .project(org: org, name: $0) }, .member(org: org, name: key.owner), .organization(org)]
            .compactMap { $0 }
    }

    private mutating func compare(
        _ terms: BudgetTerms, at pointer: String, of resource: Resource, with owners: [Owner]
    ) {
        let (measure, amount) = Self.measure(terms)
        guard let parent = owners.compactMap({ lowest(measure, below: amount, of: $0) }).first else { return }
        diagnostics.append(
            Diagnostic(
                .budgetAboveParent, ofValueAt: resource.spans[pointer] ?? resource.place,
                "\(terms.hard.text) is never reached: \(parent.whose) allows \(parent.terms.hard.text)",
                hint: "lower this one, or raise the other",
                related: parent.place.map { [(place: $0, message: "\(parent.terms.hard.text) here")] } ?? []))
    }
}

extension BudgetParents.Measure {
    /// Measures whose windows begin and end with one of this measure's, itself first.
    fileprivate var containing: [Self] {
        let windows: [Window] =
            switch window {
            case .day: [.day, .week, .month, .year]
            case .month: [.month, .year]
            default: [window]
            }
        var measures = windows.map { Self(unit: unit, window: $0, zone: zone) }
        // What is never counted anew is the same in every zone; `total` names none but the standard one.
        measures.append(Self(unit: unit, window: .total, zone: Zones.standard))
        if zone != Zones.standard { measures.append(Self(unit: unit, window: .total, zone: zone)) }
        return measures
    }
}
