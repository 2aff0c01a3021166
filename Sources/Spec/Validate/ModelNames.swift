/// Every name under which a model may be asked for.
struct ModelNames {
    /// `provider/model`, with labels.
    private(set) var models: [String: [String: String]] = [:]
    /// Bare names, with the catalogs that have them.
    private(set) var bare: [String: Int] = [:]
    /// Names of RoutingPolicies by organization; nil is the platform.
    private(set) var routes: [String?: Set<String>] = [:]
    /// Whether every catalog could be read.
    let isComplete: Bool

    init(_ graph: Graph) {
        var isComplete = true
        for (key, declared) in graph.declared {
            switch key.kind {
            case .routingPolicy: routes[key.org, default: []].insert(key.name)
            case .modelCatalog:
                guard case .modelCatalog(let catalog)? = declared.document.resource?.body else {
                    isComplete = false
                    continue
                }
                for model in catalog.models {
                    models["\(catalog.provider)/\(model.name)"] = model.labels
                    bare[model.name, default: 0] += 1
                }
            default: break
            }
        }
        self.isComplete = isComplete
    }

    func isRoute(_ name: String, for org: String?) -> Bool {
        routes[nil]?.contains(name) ?? false || org != nil && routes[org]?.contains(name) ?? false
    }

    /// A route, a model by its full name, or by a bare name that only one catalog has.
    func isModelOrRoute(_ name: String, for org: String?) -> Bool {
        isRoute(name, for: org) || models[name] != nil || bare[name] == 1
    }

    func matches(_ pattern: ModelPattern, for org: String?) -> Bool {
        switch pattern {
        case .label(let name, let value): return models.values.contains { $0[name] == value }
        case .name(let name):
            if pattern.isLiteral { return isRoute(name, for: org) || models[name] != nil || bare[name] != nil }
            return names(for: org).contains { Glob.matches(name, $0) } || bare.keys.contains { Glob.matches(name, $0) }
        }
    }

    /// Full names and routes, sorted, for suggestions.
    func names(for org: String?) -> [String] {
        (Array(models.keys) + (routes[nil] ?? []) + (org == nil ? [] : Array(routes[org] ?? []))).sorted()
    }
}
