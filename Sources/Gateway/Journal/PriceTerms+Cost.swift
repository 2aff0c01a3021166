internal import Policy
internal import Spec

extension PriceTerms {
    /// No price at all: everything is free.
    static let free = PriceTerms(version: "", meters: [:])

    init(_ prices: PriceList?) {
        self = prices.map { PriceTerms(version: $0.version, meters: $0.meters) } ?? .free
    }

    /// What usage costs at these prices, in nano-USD.
    func cost(_ usage: MeteredUsage) -> Int64 {
        if meters.isEmpty { return 0 }
        let list = PriceList(ModelCatalog.PriceList(effectiveFrom: nil, meters: rates), version: version)
        return Pricing.cost(Usage(usage), list).rawValue
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
