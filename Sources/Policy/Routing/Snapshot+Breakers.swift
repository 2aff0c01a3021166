package import Spec

/// When a route leaves out those of its models that fail.
package struct RouteBreaker: Sendable {
    /// Position among the snapshot's routes.
    package let route: Int
    package let uid: String
    package let terms: RoutingPolicy.Breaker
    /// The route's targets and fallbacks.
    package let models: [ModelEntry]
}

extension Snapshot {
    /// Of the routes that declare one.
    package var routeBreakers: [RouteBreaker] {
        graph.routes.enumerated().compactMap { index, route in
            route.breaker.map { terms in
                RouteBreaker(
                    route: index, uid: graph.register.entries[Int(route.resource)].uid, terms: terms,
                    models: route.models.map { graph.models[Int($0)] })
            }
        }
    }
}

extension Grant {
    /// Position among the snapshot's routes of the one that was asked for, where it was one.
    package var routeIndex: Int? {
        requested.flatMap { name in
            let graph = caller.snapshot.graph
            return graph.isRoute(name) ? Int(name.index) - graph.models.count : nil
        }
    }
}
