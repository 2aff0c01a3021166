/// What is compared with a resource though neither names the other.
extension Selector {
    /// Whether somebody may still administer an organization is said of the Organization, and depends on all its members.
    mutating func concernOrganizations() {
        let orgs = Set(names.filter { $0.kind == .member }.compactMap(\.org))
        read(orgs.map { Mention(text: $0, kind: .organization, organizations: [$0]) })
        let keys = Set(orgs.map { ResourceKey(org: $0, kind: .organization, name: $0) })
        concernAlone(parsed.filter { $0.value.documents.contains { $0.key.map(keys.contains) ?? false } }.keys)
    }

    /// Reads those, and what they name, until nothing more is found.
    mutating func readWhatIsCompared() {
        while true {
            let before = parsed.count
            let someModelIsFree = hasUnpricedModels
            let bounds = concernedBounds
            read(
                parsed.flatMap { index, file in
                    let isConcerned = concerned.contains(index)
                    return file.documents.flatMap { document in
                        // Of the rest only what a concerned budget bounds is judged, by all budgets around it.
                        isConcerned || document.isBounded(by: bounds)
                            ? document.comparisons(isConcerned: isConcerned, someModelIsFree: someModelIsFree) : []
                    }
                })
            read(ownersAround)
            findDependencies()
            if parsed.count == before { return }
        }
    }

    /// What the concerned budgets are for, by organization.
    private var concernedBounds: [String: Set<Budget.Subject>] {
        var bounds: [String: Set<Budget.Subject>] = [:]
        for index in concerned {
            for document in parsed[index]?.documents ?? [] {
                guard let org = document.key?.org, case .budget(let budget)? = document.resource?.body else { continue }
                bounds[org, default: []].insert(budget.subject)
            }
        }
        return bounds
    }

    private var hasUnpricedModels: Bool {
        parsed.values.contains { file in
            file.documents.contains { document in
                guard case .modelCatalog(let catalog)? = document.resource?.body else { return false }
                return catalog.models.contains { $0.prices.isEmpty }
            }
        }
    }
}

extension ParsedDocument {
    /// Whether it may have a budget inside one of these.
    fileprivate func isBounded(by bounds: [String: Set<Budget.Subject>]) -> Bool {
        guard let key, let org = key.org, let body = resource?.body, let subjects = bounds[org] else { return false }
        if subjects.contains(.organization) { return true }
        return switch body {
        case .project: subjects.contains(.project(key.name))
        case .apiKey(let spec):
            subjects.contains(.key(key.name)) || subjects.contains(.member(spec.owner))
                || spec.project.map { subjects.contains(.project($0)) } ?? false
        case .budget(let budget):
            subjects.contains { subject in
                // Patterns of models may overlap.
                if case .model = subject { true } else { subject == budget.subject }
            }
        default: false
        }
    }

    fileprivate func comparisons(isConcerned: Bool, someModelIsFree: Bool) -> [Mention] {
        guard let key, let org = key.org, let body = resource?.body else { return [] }
        func mention(_ text: String, _ kind: Kind? = nil) -> Mention {
            Mention(text: text, kind: kind, organizations: [org])
        }
        func all(_ kind: Kind) -> Mention { .every(kind, in: [org]) }
        switch body {
        case .organization: return isConcerned ? [all(.member)] : []
        case .project: return [mention(Self.wholeOrganization, .budget), mention(key.name, .budget)]
        case .apiKey(let spec):
            // A budget of its own is held against those around it.
            return [spec.owner, key.name, Self.wholeOrganization].map { mention($0, .budget) }
                + (spec.project.map { [mention($0, .budget)] } ?? [])
        case .budget(let budget):
            let around = [mention(Self.wholeOrganization, .budget)]
            guard isConcerned else { return around }
            // Whether a budget stops somebody from using a model without a price is known of all its keys only.
            let keys = someModelIsFree ? [all(.apiKey)] : []
            return around + keys + budget.subject.children(all, { mention($0) })
        default: return []
        }
    }

    /// The field of a Budget that bounds everybody.
    private static let wholeOrganization = "organization"
}

extension Budget.Subject {
    /// What may have a budget inside one with this subject, and what such a one hands requests on to.
    fileprivate func children(_ all: (Kind) -> Mention, _ mention: (String) -> Mention) -> [Mention] {
        switch self {
        case .project(let name), .member(let name), .key(let name): [mention(name)]
        case .organization: [all(.apiKey), all(.project), all(.budget)]
        case .model: [all(.budget)]
        default: []
        }
    }
}
