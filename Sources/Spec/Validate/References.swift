internal import FoundationEssentials

/// Follows every reference and reports those that lead nowhere.
struct References {
    private let graph: Graph
    private let models: ModelNames
    /// Names by kind and organization, for suggestions.
    private let names: [Shelf: [String]]

    private struct Shelf: Hashable {
        var org: String?
        var kind: Kind
    }

    init(_ graph: Graph, _ models: ModelNames) {
        self.graph = graph
        self.models = models
        var names: [Shelf: [String]] = [:]
        for key in graph.declared.keys { names[Shelf(org: key.org, kind: key.kind), default: []].append(key.name) }
        self.names = names.mapValues { $0.sorted() }
    }

    func dangling() -> [Diagnostic] {
        var zones: [String: Bool] = [:]
        var patterns: [String: Bool] = [:]
        var found: [Diagnostic] = []
        for file in graph.files {
            let org = Folder(of: file.path).organization
            for reference in file.documents.flatMap(\.references) {
                let isGood: Bool
                switch reference.target {
                case .zone: isGood = zones.remember(reference.name) { TimeZone(identifier: reference.name) != nil }
                case .modelPattern(let pattern):
                    isGood = patterns.remember("\(org ?? "") \(reference.name)") { models.matches(pattern, for: org) }
                case .model: isGood = models.models[reference.name] != nil
                case .modelOrRoute: isGood = models.isModelOrRoute(reference.name, for: org)
                case .resource(let kind): isGood = isDeclared(kind, reference.name, for: org)
                }
                guard !isGood, let diagnostic = diagnostic(reference, file.path, org) else { continue }
                found.append(diagnostic)
            }
        }
        return found
    }

    // MARK: Resources

    private func isDeclared(_ kind: Kind, _ name: String, for org: String?) -> Bool {
        if kind == .role && Role.builtIn[name] != nil { return true }
        return shelves(kind, for: org).contains { graph.declared[ResourceKey(org: $0.org, kind: kind, name: name)] != nil }
    }

    /// Where a name of the kind is looked for, the nearest first.
    private func shelves(_ kind: Kind, for org: String?) -> [Shelf] {
        var shelves: [Shelf] = []
        if let org, kind.mayBelongToOrganization { shelves.append(Shelf(org: org, kind: kind)) }
        if kind.mayBelongToPlatform { shelves.append(Shelf(org: nil, kind: kind)) }
        return shelves
    }

    // MARK: Reports

    /// Nil where what is missing may be in a file that could not be read.
    private func diagnostic(_ reference: Reference, _ path: String, _ org: String?) -> Diagnostic? {
        let name = reference.name
        func dangling(_ message: String, _ hint: String?, related: [(place: Place, message: String)] = []) -> Diagnostic {
            Diagnostic(
                .referenceDangling, at: Place(path: path, position: reference.extent.position), length: reference.extent.length,
                message, hint: hint, related: related)
        }
        switch reference.target {
        case .zone:
            return Diagnostic(
                .zoneUnknown, at: Place(path: path, position: reference.extent.position), length: reference.extent.length,
                "there is no time zone `\(name)`", hint: "names are those of the IANA database, such as `Europe/Berlin` or `UTC`")
        case .resource(let kind):
            guard !mayBeUnread(shelves(kind, for: org).map(\.org)) else { return nil }
            let near = nearest(kind, name, for: org)
            return dangling(
                "there is no \(kind.rawValue) `\(name)`" + (kind.mayBelongToPlatform ? "" : " in \(org ?? "the platform")"),
                near.map { "did you mean `\($0.name)`?" } ?? elsewhere(kind, name, not: org),
                related: near.flatMap { key in graph.declared[key].map { [(place: $0.place, message: "`\(key.name)` is declared here")] } } ?? [])
        case .model:
            guard models.isComplete, !mayBeUnread([nil]) else { return nil }
            return dangling("no catalog has the model `\(name)`", modelHint(name, models.models.keys.sorted()))
        case .modelOrRoute:
            guard models.isComplete, !mayBeUnread([nil, org]) else { return nil }
            if let count = models.bare[name], count > 1 {
                return dangling("`\(name)` is in \(count) catalogs", "write it as `provider/\(name)`")
            }
            return dangling("there is no model or RoutingPolicy `\(name)`", modelHint(name, models.names(for: org)))
        case .modelPattern(let pattern):
            guard models.isComplete, !mayBeUnread([nil, org]) else { return nil }
            if pattern.isLiteral {
                return dangling("there is no model or RoutingPolicy `\(name)`", modelHint(name, models.names(for: org) + models.bare.keys.sorted()))
            }
            return Diagnostic(
                .patternMatchesNothing, at: Place(path: path, position: reference.extent.position), length: reference.extent.length,
                "`\(name)` matches no model", hint: "correct it, or remove it")
        }
    }

    private func mayBeUnread(_ orgs: [String?]) -> Bool {
        orgs.contains { graph.incomplete.contains($0.map(Folder.organization) ?? .platform) }
    }

    private func nearest(_ kind: Kind, _ name: String, for org: String?) -> ResourceKey? {
        for shelf in shelves(kind, for: org) {
            let candidates = (names[shelf] ?? []) + (kind == .role ? Role.builtIn.keys.sorted() : [])
            if let near = Suggestion.nearest(to: name, among: candidates) { return ResourceKey(org: shelf.org, kind: kind, name: near) }
        }
        return nil
    }

    /// What to say when another organization has the name, or when there is nothing near.
    private func elsewhere(_ kind: Kind, _ name: String, not org: String?) -> String? {
        let owners = graph.declared.keys.filter { $0.kind == kind && $0.name == name && $0.org != org }.compactMap(\.org).sorted()
        if let owner = owners.first {
            return "`\(owner)` has one, but what belongs to another organization cannot be used here"
        }
        let all = shelves(kind, for: org).flatMap { names[$0] ?? [] } + (kind == .role ? Role.builtIn.keys.sorted() : [])
        if all.isEmpty { return "declare one with `kind: \(kind.rawValue)`" }
        return Suggestion.hint(for: name, among: all)
    }

    private func modelHint(_ name: String, _ candidates: [String]) -> String? {
        if let near = Suggestion.nearest(to: name, among: candidates) { return "did you mean `\(near)`?" }
        let withProvider = models.models.keys.filter { $0.hasSuffix("/" + name) }.sorted()
        if let first = withProvider.first { return "did you mean `\(first)`?" }
        return candidates.isEmpty ? "declare it in a ModelCatalog" : nil
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
