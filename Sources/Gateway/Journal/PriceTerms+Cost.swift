internal import Policy
internal import Spec

extension PriceTerms {
    /// No price at all: everything is free.
    static let free = PriceTerms(version: "", ModelCatalog.PriceList(meters: [:]))

    init(_ prices: PriceList?) {
        self = prices.map { PriceTerms(version: $0.version, $0.declared) } ?? .free
    }

    /// What usage costs at these prices, in nano-USD; `units` of what an endpoint counts beside tokens: images of a chat, or what is
    /// made or heard.
    func cost(_ usage: inout MeteredUsage, units: Int64 = 0, at endpoint: Endpoint = .chatCompletions, tier: String? = nil) -> Int64 {
        if meters.isEmpty { return 0 }
        let list = PriceList(list, version: version)
        let meter = endpoint.isMetered ? list.unitMeter(for: endpoint) : list.imageMeter
        if units > 0, let meter { usage.others[meter.rawValue] = units }
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
