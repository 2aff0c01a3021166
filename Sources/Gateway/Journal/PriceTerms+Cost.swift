internal import Policy
internal import Spec

extension PriceTerms {
    /// No price at all: everything is free.
    static let free = PriceTerms(version: "", ModelCatalog.PriceList(meters: [:]))

    init(_ prices: PriceList?) {
        self = prices.map { PriceTerms(version: $0.version, $0.declared) } ?? .free
    }

    /// What usage costs at these prices, in nano-USD; `images` of the request that have a price beside it.
    func cost(_ usage: inout MeteredUsage, images: Int64 = 0, tier: String? = nil) -> Int64 {
        if meters.isEmpty { return 0 }
        let list = PriceList(list, version: version)
        if images > 0, let meter = list.imageMeter { usage.others[meter.rawValue] = images }
        return Pricing.cost(Usage(usage), list, tier: tier).rawValue
    }
}

extension Usage {
    init(_ metered: MeteredUsage) {
        self.init(
            input: metered.input, output: metered.output, cacheRead: metered.cacheRead, cacheWrite: metered.cacheWrite,
            reasoning: metered.reasoning,
            other: Dictionary(metered.others.map { (Meter(rawValue: $0.key), $0.value) }) { first, _ in first })
    }
}

extension MeteredUsage {
    init(_ usage: Usage) {
        input = usage.input
        output = usage.output
        cacheRead = usage.cacheRead
        cacheWrite = usage.cacheWrite
        reasoning = usage.reasoning
        for (meter, units) in usage.other { others[meter.rawValue] = units }
    }
}
