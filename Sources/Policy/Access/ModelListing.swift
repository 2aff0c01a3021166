internal import Spec

/// A model as `GET /v1/models` shows it.
package struct ModelListing: Sendable {
    /// What clients ask for: a route's name, or `provider/model`.
    package var id: String
    package var isRoute: Bool
    package var ownedBy: String?
    package var displayName: String?
    package var context: Int64?
    package var maxOutput: Int64?
    package var capabilities: [String]
}

extension Snapshot {
    /// The routes, then the models, that the caller may use at any endpoint its scopes open, each in order of name.
    package func models(for caller: Caller) -> [ModelListing] {
        guard caller.snapshot === self else {
            return (try? authenticate(caller.digest, now: caller.now).get()).map { self.models(for: $0) } ?? []
        }
        let key = caller.compiled
        let endpoints = endpoints(of: key)
        let org = graph.orgs[Int(key.org)]
        let routes = platformRoutes.filter { org.routes[graph.name(of: $0)] == nil } + Array(org.routes.values)
        let concrete = graph.models.indices.map { NameEntry(index: Int32($0)) }
        return listings(routes, for: key, at: endpoints) + listings(concrete, for: key, at: endpoints)
    }

    private var platformRoutes: [NameEntry] {
        graph.names.values.compactMap { meaning in
            if case .entry(let entry) = meaning, graph.isRoute(entry) { entry } else { nil }
        }
    }

    private func listings(_ entries: [NameEntry], for key: CompiledKey, at endpoints: [Endpoint]) -> [ModelListing] {
        entries.filter { isUsable($0, by: key, at: endpoints) }.map(listing).sorted { $0.id < $1.id }
    }

    func isUsable(_ entry: NameEntry, by key: CompiledKey, at endpoints: [Endpoint]) -> Bool {
        let models = graph.isRoute(entry) ? graph.route(entry).models : [entry.index]
        return endpoints.contains { endpoint in
            models.contains { objection(to: $0, as: entry, key: key, endpoint: endpoint) == nil }
        }
    }

    private func listing(_ entry: NameEntry) -> ModelListing {
        guard graph.isRoute(entry) else {
            let model = graph.models[Int(entry.index)]
            return ModelListing(
                id: model.qualifiedName, isRoute: false, ownedBy: model.ownedBy ?? model.provider.name,
                displayName: model.displayName, context: model.context, maxOutput: model.maxOutput,
                capabilities: model.capabilities)
        }
        return ModelListing(
            id: graph.route(entry).name, isRoute: true, ownedBy: nil, displayName: nil, context: nil, maxOutput: nil,
            capabilities: [])
    }
}
