package import Spec

/// What a caller may do with one request: the models that may serve it.
package struct Grant: Sendable {
    package let caller: Caller
    package let endpoint: Endpoint
    /// Nil where no model is asked, as for the list of models.
    let requested: NameEntry?
    /// Permitted models by index: the route's targets in their order, then its fallback.
    let targets: [Int32]

    /// The route that was asked for, where it was one.
    package var route: String? {
        requested.flatMap { caller.snapshot.graph.isRoute($0) ? caller.snapshot.graph.name(of: $0) : nil }
    }

    /// Whether both name the same model or route.
    package func isSame(as other: Grant) -> Bool { requested == other.requested }

    /// The route, or `provider/model`, that was asked for.
    package var name: String? { requested.map { caller.snapshot.graph.name(of: $0) } }

    /// The models that may serve the request.
    package var models: [ModelEntry] { targets.map { caller.snapshot.graph.models[Int($0)] } }
}
