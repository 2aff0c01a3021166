extension References {
    /// What to say of a reference that leads nowhere.
    ///
    /// `isOfMany` where it leads nowhere in every organization, of which `org` is one.
    mutating func diagnostic(_ reference: Reference, _ org: String?, isOfMany: Bool = false) -> Diagnostic {
        var diagnostic = Diagnostic(reference.target.code, at: reference.place, length: reference.length, "")
        describe(reference, isOfMany ? "any organization" : org ?? "the platform", in: &diagnostic)
        if takeSuggestion() { suggest(reference, for: org, in: &diagnostic) }
        diagnostic.related += reference.notes
        return diagnostic
    }

    private func describe(_ reference: Reference, _ whose: String, in diagnostic: inout Diagnostic) {
        let name = reference.name
        switch reference.target {
        case .zone: diagnostic.message = "there is no time zone `\(name)`"
        case .resource(let kind):
            let owner = kind.mayBelongToPlatform ? "" : " in \(whose)"
            diagnostic.message = "there is no \(kind.rawValue) `\(name)`\(owner)"
        case .model: diagnostic.message = "no catalog has the model `\(name)`"
        case .modelOrRoute where models.bare[name, default: 0] > 1:
            diagnostic.message = "`\(name)` is in \(models.bare[name, default: 0]) catalogs"
        case .modelPattern(let pattern) where !pattern.isLiteral:
            diagnostic.message = "`\(name)` matches no model"
        case .modelOrRoute, .modelPattern: diagnostic.message = "there is no model or RoutingPolicy `\(name)`"
        }
    }

    private func suggest(_ reference: Reference, for org: String?, in diagnostic: inout Diagnostic) {
        let name = reference.name
        switch reference.target {
        case .zone: diagnostic.hint = "names are those of the IANA database, such as `Europe/Berlin` or `UTC`"
        case .resource(let kind): suggest(kind, name, for: org, in: &diagnostic)
        case .model: diagnostic.hint = modelHint(name, models.models.keys.sorted())
        case .modelOrRoute where models.bare[name, default: 0] > 1: diagnostic.hint = "write it as `provider/\(name)`"
        case .modelOrRoute: diagnostic.hint = modelHint(name, models.names(for: org))
        case .modelPattern(let pattern) where !pattern.isLiteral: diagnostic.hint = "correct it, or remove it"
        case .modelPattern: diagnostic.hint = modelHint(name, models.names(for: org) + models.bare.keys.sorted())
        }
    }

    private func suggest(_ kind: Kind, _ name: String, for org: String?, in diagnostic: inout Diagnostic) {
        if let near = nearest(kind, name, for: org) {
            diagnostic.hint = "did you mean `\(near.name)`?"
            if let declared = graph.declared[near] {
                diagnostic.related = [(declared.place, "`\(near.name)` is declared here")]
            }
            return
        }
        let all = shelves(kind, for: org).flatMap { names[$0] ?? [] } + builtIn(kind)
        if let owner = owners[OwnName(kind: kind, name: name)]?.min() {
            diagnostic.hint = "`\(owner)` has one, but what belongs to another organization cannot be used here"
        } else if all.isEmpty {
            diagnostic.hint = "declare one with `kind: \(kind.rawValue)`"
        } else {
            diagnostic.hint = Suggestion.hint(for: name, among: all)
        }
    }

    private func nearest(_ kind: Kind, _ name: String, for org: String?) -> ResourceKey? {
        for shelf in shelves(kind, for: org) {
            let candidates = (names[shelf] ?? []) + builtIn(kind)
            if let near = Suggestion.nearest(to: name, among: candidates) {
                return ResourceKey(org: shelf.org, kind: kind, name: near)
            }
        }
        return nil
    }

    private func builtIn(_ kind: Kind) -> [String] { kind == .role ? Role.builtIn.keys.sorted() : [] }

    private func modelHint(_ name: String, _ candidates: [String]) -> String? {
        if let near = Suggestion.nearest(to: name, among: candidates) { return "did you mean `\(near)`?" }
        if let full = models.models.keys.filter({ $0.hasSuffix("/" + name) }).min() { return "did you mean `\(full)`?" }
        return candidates.isEmpty ? "declare it in a ModelCatalog" : nil
    }
}

extension Reference.Target {
    fileprivate var code: DiagnosticCode {
        switch self {
        case .zone: .zoneUnknown
        case .modelPattern(let pattern) where !pattern.isLiteral: .patternMatchesNothing
        default: .referenceDangling
        }
    }
}
