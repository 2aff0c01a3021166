internal import Spec

/// Finds what no file shows alone, once the whole is compiled.
struct Review {
    let snapshot: Snapshot
    private(set) var diagnostics: [Diagnostic] = []
    /// Rules that were already said to bound models without prices.
    private var unpricedRules: Set<RuleReference> = []
    private let unpriced: [NameEntry]

    init(snapshot: Snapshot) {
        self.snapshot = snapshot
        unpriced = snapshot.graph.models.filter(\.prices.isEmpty).map { NameEntry(index: Int32($0.index)) }
    }

    mutating func check(_ resources: [GovernedResource]) {
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
        guard snapshot.objectionOfRole(key) == nil else {
            report(
                .keyWithoutPermission, governed, "/spec/owner",
                "no role of `\(spec.owner)` permits \(Permission.inferenceInvoke.rawValue), so every request is refused")
            return
        }
        let endpoints = snapshot.endpoints(of: key)
        guard !endpoints.isEmpty else { return }
        if !reachesAnything(spec, key, endpoints) {
            report(.keyWithoutModels, governed, "/spec/models", "the key can reach no model")
        } else {
            checkRoutes(of: spec, key, endpoints, governed)
            checkPrices(key, endpoints)
        }
    }

    private mutating func checkTests(of spec: APIKey, at index: Int, _ governed: GovernedResource) {
        for (ordinal, test) in spec.tests.enumerated() {
            let answer = snapshot.can(keyAt: index, use: test.model, at: test.endpoint)
            guard let fault = Self.fault(in: answer, expecting: test.expect) else { continue }
            report(
                .keyTestFailed, governed, "/spec/tests/\(ordinal)",
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
                "the key may use the route `\(name)`, but none of its targets")
        }
    }

    /// One remark for every budget in money, at the first model found.
    private mutating func checkPrices(_ key: CompiledKey, _ endpoints: [Endpoint]) {
        guard !unpriced.isEmpty else { return }
        let graph = snapshot.graph
        for slot in key.bounds {
            let bound = graph.bounds[Int(graph.boundLists[Int(slot)])]
            guard bound.quantity == .money, !unpricedRules.contains(bound.rule),
                let entry = unpriced.first(where: {
                    (bound.pattern < 0 || graph.patterns.matches(bound.pattern, $0.index))
                        && snapshot.isUsable($0, by: key, at: endpoints)
                })
            else { continue }
            unpricedRules.insert(bound.rule)
            reportUnpriced(graph.name(of: entry), under: bound)
        }
    }

    private mutating func reportUnpriced(_ model: String, under bound: Bound) {
        let rule = snapshot.rule(bound.rule)
        let place = rule.origin.map { Place(path: $0.path, position: Position(line: $0.line, column: $0.column)) }
        diagnostics.append(
            Diagnostic(
                .modelUnpriced, at: place,
                "`\(model)` has no price, so what spends from this budget is refused it",
                hint: "give it prices in its catalog, `0 USD/M` where it is free"))
    }

    private mutating func report(
        _ code: DiagnosticCode, _ governed: GovernedResource, _ pointer: String, _ message: String
    ) {
        diagnostics.append(Diagnostic(code, at: governed.provenance.place(of: pointer), message))
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
    /// The endpoints that a key's scopes open, apart from the list of models.
    func endpoints(of key: CompiledKey) -> [Endpoint] {
        Endpoint.allCases.filter { endpoint in
            endpoint != .models
                && key.scopes.contains {
                    graph.scopes[Int(graph.scopeLists[Int($0)])].endpoints.contains(endpoint)
                }
        }
    }

    fileprivate func route(named name: String, in org: Int32) -> NameEntry? {
        if let entry = graph.orgs[Int(org)].routes[name] { return entry }
        guard case .entry(let entry)? = graph.names[name], graph.isRoute(entry) else { return nil }
        return entry
    }
}
