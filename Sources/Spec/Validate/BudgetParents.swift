/// Budgets that are larger than one around them, and so are never reached.
struct BudgetParents {
    private(set) var diagnostics: [Diagnostic] = []
    private var bounds: [Owner: [Measure: Bound]] = [:]

    /// Whose use a budget bounds.
    private enum Owner: Hashable {
        case organization(String)
        case project(org: String, name: String)
        case member(org: String, name: String)
    }

    fileprivate enum Unit: Hashable { case money, tokens, requests }

    /// Only amounts of one measure can be compared.
    fileprivate struct Measure: Hashable {
        var unit: Unit
        var span: Allowance.Span
        var zone: String
        var starts: WindowStart?
    }

    private struct Bound {
        var amount: Int64
        var allowance: Allowance
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
        guard let org = resource.key.org else { return }
        if case .project(let project) = resource.body, let terms = project.budget {
            let name = resource.key.name
            keep(terms, .project(org: org, name: name), "the project `\(name)`", resource.spans["/spec/budget/hard"])
        }
        guard case .budget(let budget) = resource.body else { return }
        let place = resource.spans["/spec/hard"]
        let whose = "the budget `\(resource.key.name)`"
        switch budget.subject {
        case .organization: keep(budget.terms, .organization(org), "\(whose) of the organization", place)
        case .project(let name):
            keep(budget.terms, .project(org: org, name: name), "\(whose) of its project", place)
        case .member(let name):
            keep(budget.terms, .member(org: org, name: name), "\(whose) of its owner", place)
        default: break
        }
    }

    private mutating func keep(_ terms: BudgetTerms, _ owner: Owner, _ whose: String, _ place: Place?) {
        guard let allowance = terms.hard else { return }
        let (measure, amount) = Self.measure(allowance, terms)
        if let known = bounds[owner]?[measure], known.amount <= amount { return }
        bounds[owner, default: [:]][measure] = Bound(amount: amount, allowance: allowance, whose: whose, place: place)
    }

    private static func measure(_ allowance: Allowance, _ terms: BudgetTerms) -> (Measure, Int64) {
        let (unit, amount): (Unit, Int64) =
            switch allowance.amount {
            case .money(let money): (.money, money.rawValue)
            case .tokens(let count): (.tokens, count)
            case .requests(let count): (.requests, count)
            }
        return (Measure(unit: unit, span: allowance.span, zone: terms.zone, starts: terms.starts), amount)
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
        case .project(let project):
            guard let terms = project.budget else { return }
            compare(terms, at: "/spec/budget/hard", of: resource, with: [.organization(org)])
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
        guard let allowance = terms.hard else { return }
        let (measure, amount) = Self.measure(allowance, terms)
        guard let parent = owners.compactMap({ lowest(measure, below: amount, of: $0) }).first else { return }
        diagnostics.append(
            Diagnostic(
                .budgetAboveParent, ofValueAt: resource.spans[pointer] ?? resource.place,
                "\(allowance.text) is never reached: \(parent.whose) allows \(parent.allowance.text)",
                hint: "lower this one, or raise the other",
                related: parent.place.map { [(place: $0, message: "\(parent.allowance.text) here")] } ?? []))
    }
}

extension BudgetParents.Measure {
    /// Measures whose windows begin and end with one of this measure's, itself first.
    fileprivate var containing: [Self] {
        var measures = [self]
        if case .calendar(let window) = span {
            let longer: [Window] =
                switch window {
                case .day: [.week, .month, .year]
                case .month where starts == nil: [.year]
                default: []
                }
            measures += longer.map { Self(unit: unit, span: .calendar($0), zone: zone) }
        }
        // What is never counted anew is the same in every zone, and mostly names none.
        measures.append(Self(unit: unit, span: .calendar(.total), zone: Zones.standard))
        if zone != Zones.standard { measures.append(Self(unit: unit, span: .calendar(.total), zone: zone)) }
        return measures
    }
}
