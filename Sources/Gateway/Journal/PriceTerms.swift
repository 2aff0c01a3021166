internal import Spec

/// The prices in force when an attempt was admitted.
package struct PriceTerms: Hashable, Sendable {
    package var version: String
    /// Ordered by meter name.
    package var meters: [Price]
    /// Prices of large requests, by rising size of the input.
    package var above: [Step]
    /// By class of service, ordered by its name.
    package var tiers: [Tier]

    package struct Price: Hashable, Sendable {
        package var meter: String
        package var picoUSDPerMillion: Int64
    }

    package struct Step: Hashable, Sendable {
        /// Tokens beyond which it holds.
        package var input: Int64
        package var meters: [Price]
    }

    package struct Tier: Hashable, Sendable {
        package var name: String
        package var meters: [Price]
        package var above: [Step]
    }

    init(version: String, _ list: ModelCatalog.PriceList) {
        self.version = version
        meters = Self.prices(list.meters)
        above = Self.steps(list.above)
        tiers = list.tiers.map { Tier(name: $0.key, meters: Self.prices($0.value.meters), above: Self.steps($0.value.above)) }
            .sorted { $0.name < $1.name }
    }

    /// The same prices as `Policy` multiplies them.
    var list: ModelCatalog.PriceList {
        ModelCatalog.PriceList(
            meters: Self.rates(meters), above: Self.steps(above),
            tiers: Dictionary(tiers.map { tier in
                (tier.name, ModelCatalog.PriceTier(meters: Self.rates(tier.meters), above: Self.steps(tier.above)))
            }) { first, _ in first })
    }

    private static func prices(_ meters: [Meter: PicoUSDPerMillion]) -> [Price] {
        meters.map { Price(meter: $0.key.rawValue, picoUSDPerMillion: $0.value.rawValue) }.sorted { $0.meter < $1.meter }
    }

    private static func steps(_ above: [ModelCatalog.PriceStep]) -> [Step] {
        above.map { Step(input: $0.input, meters: prices($0.meters)) }
    }

    private static func rates(_ prices: [Price]) -> [Meter: PicoUSDPerMillion] {
        Dictionary(prices.map { (Meter(rawValue: $0.meter), PicoUSDPerMillion($0.picoUSDPerMillion)) }) { first, _ in first }
    }

    private static func steps(_ above: [Step]) -> [ModelCatalog.PriceStep] {
        above.map { ModelCatalog.PriceStep(input: $0.input, meters: rates($0.meters)) }
    }
}
