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
            graph.diagnostic(
                of: cycle, .fallbackCycle, "the routes fall back to each other", "falls back to",
                hint: "take one name out, or name a model", Self.pointer)
        }
    }

    /// The name in a route that leads to the next.
    private static func pointer(in body: Body, to next: String) -> String? {
        guard case .routingPolicy(let route) = body else { return nil }
        if let pointer = route.fallback.pointer(to: next, in: "/spec/fallback") { return pointer }
        return route.fallbackOn.compactMap { reason, names in
            names.pointer(to: next, in: "/spec/fallbackOn/\(reason.rawValue)")
        }.min()
    }
}

extension RoutingPolicy {
    /// Models and routes that may take over, for whatever reason.
    fileprivate var fallbackNames: [String] { fallback + fallbackOn.values.joined() }
}
