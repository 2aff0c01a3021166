/// Routes that fall back to each other in a circle.
struct FallbackCycles {
    let diagnostics: [Diagnostic]

    init(_ graph: Graph) {
        var edges: [ResourceKey: [ResourceKey]] = [:]
        for (key, resource) in graph.readable {
            guard case .routingPolicy(let route) = resource.body else { continue }
            let routes = route.fallbackNames.filter { !$0.utf8.contains(UInt8(ascii: "/")) }
            guard !routes.isEmpty else { continue }
            edges[key] = routes.compactMap { graph.nearest(.routingPolicy, $0, for: key.org) }
        }
        diagnostics = Cycles.find(in: edges).map { cycle in
            let pointer = Self.pointer(of: cycle, in: graph)
            return graph.diagnostic(
                of: cycle, .fallbackCycle, pointer, "the routes fall back to each other", "falls back to",
                hint: "take one name out, or name a model")
        }
    }

    /// The field that closes the circle in its first route.
    private static func pointer(of cycle: [ResourceKey], in graph: Graph) -> String {
        guard let first = cycle.first, case .routingPolicy(let route)? = graph.readable[first]?.body else { return "/spec" }
        let next = cycle.count > 1 ? cycle[1].name : first.name
        return route.fallback.contains(next) ? "/spec/fallback" : "/spec/fallbackOn"
    }
}

extension RoutingPolicy {
    /// Models and routes that may take over, for whatever reason.
    fileprivate var fallbackNames: [String] { fallback + fallbackOn.values.joined() }
}
