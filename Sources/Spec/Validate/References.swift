/// Follows every reference and reports those that lead nowhere.
struct References {
    let graph: Graph
    let models: ModelNames
    /// Names in order, for suggestions.
    let names: [Shelf: [String]]
    /// Organizations that have a name of a kind.
    let owners: [OwnName: [String]]
    private(set) var suggestionsLeft = References.suggestionsMax

    /// Dangling references that get a suggestion: finding one looks at every name, and a flood has one cause.
    private static let suggestionsMax = 200

    /// Where names of one kind are found.
    struct Shelf: Hashable {
        var org: String?
        var kind: Kind
    }

    struct OwnName: Hashable {
        var kind: Kind
        var name: String
    }

    init(_ graph: Graph) {
        self.graph = graph
        models = ModelNames(graph)
        var names: [Shelf: [String]] = [:]
        var owners: [OwnName: [String]] = [:]
        for key in graph.declared.keys {
            names[Shelf(org: key.org, kind: key.kind), default: []].append(key.name)
            if let org = key.org { owners[OwnName(kind: key.kind, name: key.name), default: []].append(org) }
        }
        self.names = names.mapValues { $0.sorted() }
        self.owners = owners
    }

    /// Those that lead nowhere, except where what is missing may be in a file that could not be read.
    mutating func dangling() -> [Diagnostic] {
        var answers = Answers()
        var found = Findings()
        for file in graph.files {
            let org = Folder(of: file.path).organization
            for document in file.documents {
                for reference in document.references where !isGood(reference, for: org, &answers) {
                    if !mayBeUnread(reference, for: org) { found.add(diagnostic(reference, org)) }
                }
            }
        }
        return found.diagnostics + danglingInDefaults(&answers)
    }

    /// Names in defaults that no organization below could follow, whether or not a resource inherits them.
    private mutating func danglingInDefaults(_ answers: inout Answers) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for given in graph.files.flatMap(\.given) {
            let orgs = heirs(of: given)
            for reference in given.references {
                let isGood = orgs.contains { self.isGood(reference, for: $0, &answers) || mayBeUnread(reference, for: $0) }
                guard let org = orgs.first, !isGood else { continue }
                found.append(diagnostic(reference, org, isOfMany: orgs.count > 1))
            }
        }
        return found
    }

    /// The organizations that may have resources below; nil is the platform.
    private func heirs(of given: GivenDefaults) -> [String?] {
        switch DefaultsScope(of: given.path) {
        case .organization(let org): return [org]
        case .platform: return [nil]
        case .both:
            let orgs = given.kind.mayBelongToOrganization ? Set(graph.declared.keys.compactMap(\.org)).sorted() : []
            return (given.kind.mayBelongToPlatform ? [nil] : []) + orgs
        }
    }

    /// What was asked before: zones and patterns recur, and are dear to look up.
    private struct Answers {
        var zones: [String: Bool] = [:]
        var patterns: [String: Bool] = [:]
    }

    private func isGood(_ reference: Reference, for org: String?, _ answers: inout Answers) -> Bool {
        let name = reference.name
        switch reference.target {
        case .zone: return answers.zones.remember(name) { Zones.contains(name) }
        case .modelPattern(let pattern):
            return answers.patterns.remember("\(org ?? "") \(name)") { models.matches(pattern, for: org) }
        case .model: return models.models[name] != nil
        case .modelOrRoute: return models.isModelOrRoute(name, for: org)
        case .resource(let kind): return isDeclared(kind, name, for: org)
        }
    }

    private func isDeclared(_ kind: Kind, _ name: String, for org: String?) -> Bool {
        if kind == .role && Role.builtIn[name] != nil { return true }
        if org != nil, kind.mayBelongToOrganization, isDeclared(org, kind, name) { return true }
        return kind.mayBelongToPlatform && isDeclared(nil, kind, name)
    }

    private func isDeclared(_ org: String?, _ kind: Kind, _ name: String) -> Bool {
        graph.declared[ResourceKey(org: org, kind: kind, name: name)] != nil
    }

    /// Where a name of the kind is looked for, the nearest first.
    func shelves(_ kind: Kind, for org: String?) -> [Shelf] {
        var shelves: [Shelf] = []
        if let org, kind.mayBelongToOrganization { shelves.append(Shelf(org: org, kind: kind)) }
        if kind.mayBelongToPlatform { shelves.append(Shelf(org: nil, kind: kind)) }
        return shelves
    }

    private func mayBeUnread(_ reference: Reference, for org: String?) -> Bool {
        let folders: [String?]
        switch reference.target {
        case .zone: return false
        case .resource(let kind): folders = shelves(kind, for: org).map(\.org)
        case .model: folders = [nil]
        case .modelOrRoute, .modelPattern: folders = [nil, org]
        }
        if case .resource = reference.target {} else if !models.isComplete { return true }
        return folders.contains { graph.incomplete.contains($0.map(Folder.organization) ?? .platform) }
    }

    /// False when there have been too many already.
    mutating func takeSuggestion() -> Bool {
        suggestionsLeft -= 1
        return suggestionsLeft >= 0
    }
}

extension [String: Bool] {
    /// The value for a key, asked for only once.
    fileprivate mutating func remember(_ key: String, _ ask: () -> Bool) -> Bool {
        if let known = self[key] { return known }
        let answer = ask()
        self[key] = answer
        return answer
    }
}
