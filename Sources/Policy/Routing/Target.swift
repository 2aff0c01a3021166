package import Spec

/// A model that may serve a request, with the prices that then hold.
package struct Target: Sendable {
    package let model: ModelEntry
    /// Nil for a model without prices, which costs nothing.
    package let prices: PriceList?
    /// Its place in the claim, to settle with.
    package let ordinal: Int
    package let isFallback: Bool

    package var provider: ProviderEntry { model.provider }
    package var upstreamName: String { model.upstreamName }
    /// Empty where there are no prices.
    package var priceVersion: String { prices?.version ?? "" }

    /// `tier` is the class of service in which it was served, nil the usual one.
    package func cost(of usage: Usage, tier: String? = nil) -> NanoUSD { prices.map { Pricing.cost(usage, $0, tier: tier) } ?? .zero }
}

/// What was read of the world when a route was chosen; the decision record keeps it.
package struct RouteFacts: Hashable, Sendable {
    /// Indexes of models that are not to be tried first.
    package var unhealthyModels: Set<Int>
    /// Indexes of providers that are not to be tried first.
    package var unhealthyProviders: Set<Int>
    /// Indexes of providers that cannot be called, and so are no targets.
    package var unavailableProviders: Set<Int>

    package init(
        unhealthyModels: Set<Int> = [], unhealthyProviders: Set<Int> = [], unavailableProviders: Set<Int> = []
    ) {
        self.unhealthyModels = unhealthyModels
        self.unhealthyProviders = unhealthyProviders
        self.unavailableProviders = unavailableProviders
    }

    func isCallable(_ target: Target) -> Bool { !unavailableProviders.contains(target.provider.index) }

    func isHealthy(_ model: ModelEntry) -> Bool {
        !unhealthyModels.contains(model.index) && !unhealthyProviders.contains(model.provider.index)
    }
}
