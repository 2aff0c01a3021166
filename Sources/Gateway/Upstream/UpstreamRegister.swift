internal import Policy
internal import Spec
internal import Synchronization

/// What outlives revisions about providers and models: connection settings that stay the same, and what is known of health.
final class UpstreamRegister: Sendable {
    private struct Known {
        var settings: [UpstreamSettings.Values: UpstreamSettings] = [:]
        var providers: [String: ProviderHealth] = [:]
        var models: [String: ModelHealth] = [:]
        var breakers: [String: FailureBreaker] = [:]
    }

    private let known = Mutex(Known())

    /// How the providers of a snapshot are reached, by their index; nil where an address cannot be used.
    func endpoints(of snapshot: Snapshot) -> [ProviderEndpoint?] {
        known.withLock { known in
            var next = Known()
            next.models = known.models
            next.breakers = known.breakers
            let endpoints = snapshot.providers.map { entry in
                let values = UpstreamSettings.Values(entry)
                let settings = next.settings[values] ?? known.settings[values] ?? UpstreamSettings(values)
                next.settings[values] = settings
                var health = known.providers[entry.uid]
                if health?.fits(entry.name, entry.spec) != true { health = nil }
                let kept = health ?? ProviderHealth(entry.name, entry.spec)
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

    /// The breakers of the routes that declare one, by the index of the route and that of the model.
    func breakers(of snapshot: Snapshot) -> [Int: [Int: FailureBreaker]] {
        known.withLock { known in
            var next: [String: FailureBreaker] = [:]
            var all: [Int: [Int: FailureBreaker]] = [:]
            for route in snapshot.routeBreakers {
                let terms = FailureBreaker.Terms(route.terms)
                for model in route.models {
                    let id = route.uid + "/" + model.qualifiedName
                    let breaker = known.breakers[id].flatMap { $0.terms == terms ? $0 : nil } ?? FailureBreaker(terms)
                    next[id] = breaker
                    all[route.route, default: [:]][model.index] = breaker
                }
            }
            known.breakers = next
            return all
        }
    }

    /// By the provider's name.
    var providers: [ProviderHealth] { known.withLock { $0.providers.values.sorted { $0.name < $1.name } } }
}
