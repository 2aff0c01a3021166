internal import Spec

/// Finds what no file shows alone, once the whole is compiled.
struct Review {
    let snapshot: Snapshot
    private(set) var diagnostics: [Diagnostic] = []
    /// Rules that were already said to bound models without prices.
    private var unpricedRules: Set<RuleReference> = []
    /// Models without prices, each with the names under which it may be asked for: its own, and routes that lead to it.
    private let unpriced: [(model: NameEntry, names: [NameEntry])]
    /// What keys refer to, for the other end of what is told.
    private var governed: [ResourceKey: GovernedResource] = [:]

    init(snapshot: Snapshot) {
        self.snapshot = snapshot
        let graph = snapshot.graph
        var names: [Int32: [NameEntry]] = [:]
        for model in graph.models where !model.isPriced {
            names[Int32(model.index)] = [NameEntry(index: Int32(model.index))]
        }
        for (index, route) in graph.routes.enumerated() {
            for model in route.models { names[model]?.append(graph.entry(ofRoute: index)) }
        }
        unpriced = names.sorted { $0.key < $1.key }.map { (NameEntry(index: $0.key), $0.value) }
    }

    mutating func check(_ resources: [GovernedResource]) {
        for governed in resources where governed.resource.key.kind.isNamedByKeys {
            self.governed[governed.resource.key] = governed
        }
        var index = 0
        for governed in resources where governed.resource.key.org != nil {
            guard case .apiKey(let spec) = governed.resource.body else { continue }
            check(spec, at: index, governed)
            index += 1
        }
        diagnostics.sort(by: Diagnostic.precedes)
    }

    private mutating func check(_ spec: APIKey, at index: Int, _ governed: GovernedResource) {
        checkTests(of: spec, at: index, governed)
        let key = snapshot.graph.keys[index]
        // A key for administration alone makes no request that could be refused.
        guard Endpoint.allCases.contains(where: { snapshot.opens($0, to: key) }) else { return }
        if key.isForeignToProject {
            report(
                .keyWithoutPermission, governed, "/spec/owner",
                "`\(spec.owner)` is none of the project's `members`, so every request is refused",
                hint: "add the owner to the project, or give the key another owner",
                related: spec.project.map { other(.project, $0, of: governed, "/spec/members", "the members of `\($0)`") } ?? [])
            return
        }
        guard snapshot.objectionOfRole(key) == nil else {
            report(
                .keyWithoutPermission, governed, "/spec/owner",
                "no role of `\(spec.owner)` permits \(Permission.inferenceInvoke.rawValue), so every request is refused",
                hint: "give the owner such a role, or the key another owner",
                related: other(.member, spec.owner, of: governed, "/spec/roles", "the roles of `\(spec.owner)`"))
            return
        }
        let endpoints = snapshot.endpoints(of: key)
        guard !endpoints.isEmpty else { return }
        if !reachesAnything(spec, key, endpoints) {
            reportUnreachable(spec, governed)
        } else {
            checkRoutes(of: spec, key, endpoints, governed)
            checkPrices(key, endpoints)
        }
    }

    private mutating func checkTests(of spec: APIKey, at index: Int, _ governed: GovernedResource) {
        for (ordinal, test) in spec.tests.enumerated() {
            if case .deny(let code) = test.expect, RefusalCode(rawValue: code) == nil {
                let codes = RefusalCode.allCases.map(\.rawValue)
                report(
                    .refusalUnknown, governed, "/spec/tests/\(ordinal)/expect", "no refusal has the code `\(code)`",
                    hint: Suggestion.nearest(to: code, among: codes).map { "did you mean `\($0)`?" }
                        ?? "docs/ERRORS.md lists the refusals of the gateway")
                continue
            }
            let answer = snapshot.can(keyAt: index, use: test.model, at: test.endpoint)
            guard let fault = Self.fault(in: answer, expecting: test.expect) else { continue }
            report(
                .keyTestFailed, governed, "/spec/tests/\(ordinal)/expect",
                "the test expects \(Self.text(test.expect)), but \(fault)")
        }
    }

    private static func fault(in answer: Result<[ModelEntry], Refusal>, expecting: APIKey.Expectation) -> String? {
        switch (answer, expecting) {
        case (.success, .allow): nil
        case (.failure(let refusal), .deny(let code)) where refusal.code.rawValue == code: nil
        case (.success(let models), .deny):
            "the request is allowed" + (models.first.map { ", with `\($0.qualifiedName)`" } ?? "")
        case (.failure(let refusal), _): "the answer is \(refusal.code.rawValue): \(refusal.message)" + Self.place(refusal)
        }
    }

    private static func place(_ refusal: Refusal) -> String {
        refusal.rule?.origin.map { " (\($0.path):\($0.line))" } ?? ""
    }

    private static func text(_ expectation: APIKey.Expectation) -> String {
        switch expectation {
        case .allow: "allow"
        case .deny(let code): "deny \(code)"
        }
    }
}

/// Reach and prices.
extension Review {
    private func reachesAnything(_ spec: APIKey, _ key: CompiledKey, _ endpoints: [Endpoint]) -> Bool {
        let candidates =
            spec.models.allow.isEmpty
            ? Array(0..<Int32(snapshot.graph.models.count))
            : key.rules.allow.flatMap {
                snapshot.graph.patterns.entries(matching: snapshot.graph.patternLists[Int($0)])
            }
        return candidates.contains { snapshot.isUsable(NameEntry(index: $0), by: key, at: endpoints) }
    }

    /// A route that the key names, but of which it may use no target.
    private mutating func checkRoutes(
        of spec: APIKey, _ key: CompiledKey, _ endpoints: [Endpoint], _ governed: GovernedResource
    ) {
        for (ordinal, pattern) in spec.models.allow.enumerated() {
            guard case .name(let name) = pattern, let entry = snapshot.route(named: name, in: key.org),
                !snapshot.isUsable(entry, by: key, at: endpoints)
            else { continue }
            report(
                .routeClosed, governed, "/spec/models/allow/\(ordinal)",
                "the key may use the route `\(name)`, but none of its targets",
                hint: "allow it one of them, or take the route out",
                related: other(.routingPolicy, name, of: governed, "/spec/targets", "the targets of `\(name)`"))
        }
    }

    /// One remark for every budget in money, at the first model found.
    private mutating func checkPrices(_ key: CompiledKey, _ endpoints: [Endpoint]) {
        guard !unpriced.isEmpty else { return }
        let graph = snapshot.graph
        switch graph.orgs[Int(key.org)].unknownPrice {
        case .allow: return
        case .pricedAs(let model) where graph.models[Int(model)].isPriced: return
        case .standard, .deny, .pricedAs: break
        }
        for slot in key.bounds {
            let bound = graph.bounds[Int(graph.boundLists[Int(slot)])]
            guard bound.quantity == .money, bound.isBudget, !unpricedRules.contains(bound.rule),
                let entry = unpriced.first(where: { model, names in
                    (bound.pattern < 0 || graph.patterns.matches(bound.pattern, model.index))
                        && names.contains { isOpen(model, as: $0, to: key, at: endpoints) }
                })?.model
            else { continue }
            unpricedRules.insert(bound.rule)
            reportUnpriced(graph.models[Int(entry.index)], under: bound)
        }
    }

    /// Whether a key may have a model by asking for one of its names, also as what another falls back to.
    private func isOpen(_ model: NameEntry, as name: NameEntry, to key: CompiledKey, at endpoints: [Endpoint]) -> Bool {
        endpoints.contains { snapshot.objection(to: model.index, as: name, key: key, endpoint: $0) == nil }
    }

    private mutating func reportUnreachable(_ spec: APIKey, _ governed: GovernedResource) {
        let hasRules = !spec.models.allow.isEmpty || !spec.models.deny.isEmpty
        let project = spec.project.map {
            other(.project, $0, of: governed, "/spec/models", "the rules of the project `\($0)`", ifGiven: true)
        }
        let scopes = spec.scopes.flatMap {
            other(.scope, $0, of: governed, "/spec/models", "the rules of the scope `\($0)`", ifGiven: true)
        }
        report(
            .keyWithoutModels, governed, hasRules ? "/spec/models" : "/spec/scopes", "the key can reach no model",
            hint: "loosen a rule of the key, its project, its organization or its scopes; together they leave nothing",
            related: (project ?? []) + scopes)
    }

    /// A field of what the key refers to, in its organization or else on the platform.
    private func other(
        _ kind: Kind, _ name: String, of key: GovernedResource, _ pointer: String, _ message: String,
        ifGiven: Bool = false
    ) -> [(place: Place, message: String)] {
        let own = governed[ResourceKey(org: key.resource.key.org, kind: kind, name: name)]
        guard let found = own ?? governed[ResourceKey(org: nil, kind: kind, name: name)],
            !ifGiven || found.provenance.spans[pointer] != nil
        else { return [] }
        return found.provenance.place(of: pointer).map { [(place: $0, message: message)] } ?? []
    }

    private mutating func reportUnpriced(_ model: ModelEntry, under bound: Bound) {
        let rule = snapshot.rule(bound.rule)
        let place = rule.origin.map { Place(path: $0.path, position: Position(line: $0.line, column: $0.column)) }
        diagnostics.append(
            Diagnostic(
                .modelUnpriced, ofValueAt: place,
                "`\(model.qualifiedName)` has \(model.prices.isEmpty ? "no price" : "prices for a part only"), so what spends from this budget is refused it",
                hint: "give it prices in its catalog, `0 USD/M` where it is free"))
    }

    private mutating func report(
        _ code: DiagnosticCode, _ governed: GovernedResource, _ pointer: String, _ message: String,
        hint: String? = nil, related: [(place: Place, message: String)] = []
    ) {
        let place = governed.provenance.place(of: pointer)
        diagnostics.append(
            Diagnostic(code, ofValueAt: place, message, hint: hint, related: related + heir(governed, of: place)))
    }

    /// The key, where a folder's defaults are what is told of, once for all who have them.
    private func heir(_ governed: GovernedResource, of place: Place?) -> [(place: Place, message: String)] {
        let provenance = governed.provenance
        guard let place, place.path != provenance.path, !provenance.path.isEmpty else { return [] }
        let name = provenance.place(of: "/metadata/name") ?? Place(path: provenance.path, position: provenance.document)
        return [(place: name, message: "inherited by the key `\(governed.resource.key.name)`, for one")]
    }
}

extension ResourceProvenance {
    /// Of the field, or of the nearest one around it.
    fileprivate func place(of pointer: String) -> Place? {
        guard !path.isEmpty else { return nil }
        return spans.nearest(pointer) ?? Place(path: path, position: document)
    }
}

extension Snapshot {
    /// The endpoints that a key's scopes open and at which models are asked.
    func endpoints(of key: CompiledKey) -> [Endpoint] {
        Endpoint.allCases.filter { $0.namesModel && opens($0, to: key) }
    }

    fileprivate func opens(_ endpoint: Endpoint, to key: CompiledKey) -> Bool {
        key.scopes.contains { graph.scopes[Int(graph.scopeLists[Int($0)])].endpoints.contains(endpoint) }
    }

    fileprivate func route(named name: String, in org: Int32) -> NameEntry? {
        if let entry = graph.orgs[Int(org)].routes[name] { return entry }
        guard case .entry(let entry)? = graph.names[name], graph.isRoute(entry) else { return nil }
        return entry
    }
}

extension Kind {
    /// Whether rules of keys lead to it.
    fileprivate var isNamedByKeys: Bool {
        switch self {
        case .member, .project, .scope, .routingPolicy: true
        default: false
        }
    }
}
