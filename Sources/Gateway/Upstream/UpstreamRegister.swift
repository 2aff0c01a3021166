internal import Policy
internal import Spec
internal import Synchronization

/// What outlives revisions about providers and models: connection settings that stay the same, and what is known of health.
final class UpstreamRegister: Sendable {
    private struct Known {
        var settings: [UpstreamSettings.Values: UpstreamSettings] = [:]
        var providers: [String: ProviderHealth] = [:]
        var models: [String: ModelHealth] = [:]
    }

    private let known = Mutex(Known())

    /// How the providers of a snapshot are reached, by their index; nil where an address cannot be used.
    func endpoints(of snapshot: Snapshot) -> [ProviderEndpoint?] {
        known.withLock { known in
            var next = Known()
            next.models = known.models
            let endpoints = snapshot.providers.map { entry in
                let values = UpstreamSettings.Values(entry)
                let settings = next.settings[values] ?? known.settings[values] ?? UpstreamSettings(values)
                next.settings[values] = settings
                var health = known.providers[entry.uid]
                if health?.fits(entry.name, entry.spec.health) != true { health = nil }
                let kept = health ?? ProviderHealth(entry.name, entry.spec.health)
                next.providers[entry.uid] = kept
                return ProviderEndpoint(entry, settings: settings, health: kept)
            }
            known = next
            return endpoints
        }
    }

    /// What is known of the models of a snapshot, by their index.
    func models(of snapshot: Snapshot) -> [ModelHealth] {
        known.withLock { known in
            var next: [String: ModelHealth] = [:]
            let all = snapshot.models.map { model in
                let id = model.provider.uid + "/" + model.name
                let health = known.models[id] ?? ModelHealth()
                next[id] = health
                return health
            }
            known.models = next
            return all
        }
    }

    /// By the provider's name.
    var providers: [ProviderHealth] { known.withLock { $0.providers.values.sorted { $0.name < $1.name } } }
}
