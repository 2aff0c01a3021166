internal import Policy

/// What the gateway enforces at one revision: the rules, the counters they count in, and how providers are reached.
///
/// Immutable but for the counters, which carry over from revision to revision. Safe to share between loops.
final class EnforcedState: Sendable {
    let snapshot: Snapshot
    /// By the provider's index in the snapshot; nil where its address cannot be used.
    let providers: [ProviderEndpoint?]
    /// Indexes of providers that cannot be called at present.
    let unavailableProviders: Set<Int>
    /// By the model's index in the snapshot.
    let models: [ModelHealth]
    /// By the indexes of route and model; of routes that declare one.
    let breakers: [Int: [Int: FailureBreaker]]
    private let cells: [String: OrganizationCells]
    /// Seconds since 1970 of the revision, for the model list.
    let createdSeconds: Int64
    /// `snapshot.revision.id` as text, for the header of every answer.
    let revisionText: String

    init(
        snapshot: Snapshot, providers: [ProviderEndpoint?], models: [ModelHealth], breakers: [Int: [Int: FailureBreaker]],
        cells: [String: OrganizationCells], createdSeconds: Int64
    ) {
        self.snapshot = snapshot
        self.providers = providers
        self.models = models
        self.breakers = breakers
        self.cells = cells
        self.createdSeconds = createdSeconds
        revisionText = String(snapshot.revision.id)
        unavailableProviders = Set(providers.indices.filter { providers[$0].map { $0.fault != nil } ?? true })
    }

    /// The same declaration with other minted keys.
    func with(_ snapshot: Snapshot) -> EnforcedState {
        EnforcedState(
            snapshot: snapshot, providers: providers, models: models, breakers: breakers, cells: cells, createdSeconds: createdSeconds)
    }

    /// The same declaration with providers that are reached anew.
    func with(providers: [ProviderEndpoint?]) -> EnforcedState {
        EnforcedState(
            snapshot: snapshot, providers: providers, models: models, breakers: breakers, cells: cells, createdSeconds: createdSeconds)
    }

    /// Nil only for an organization that no resource declares.
    func cells(ofOrganization uid: String) -> OrganizationCells? { cells[uid] }
    /// By provider name: why it cannot be called.
    var providerFaults: [String: String] {
        var faults: [String: String] = [:]
        for entry in snapshot.providers where unavailableProviders.contains(entry.index) {
            faults[entry.name] = providers[entry.index]?.fault ?? "its baseURL is no http or https address"
        }
        return faults
    }

    /// The breaker of a model in a route; nil for a model that was asked for itself, and in routes without.
    func breaker(of model: ModelEntry, route: Int?) -> FailureBreaker? {
        breakers.isEmpty ? nil : route.flatMap { breakers[$0]?[model.index] }
    }

    /// A request goes to a model now.
    func noteTried(_ model: ModelEntry, route: Int?, now: Int64) {
        breaker(of: model, route: route)?.noteTried(now: now)
        providers[model.provider.index]?.health.ejection?.noteTried(now: now)
    }

    /// Whether a model may be tried in its usual place. Nanoseconds of the monotonic clock.
    func admits(_ model: ModelEntry, route: Int?, now: Int64) -> Bool {
        models[model.index].admits(now: now) && breaker(of: model, route: route)?.admits(now: now) ?? true
            && providers[model.provider.index]?.health.admits(now: now) ?? true
    }

    var allCells: [String: OrganizationCells] { cells }
}
