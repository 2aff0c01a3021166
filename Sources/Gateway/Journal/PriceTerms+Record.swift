extension PriceTerms {
    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        version = try decoder.string()
        meters = try Self.prices(from: &decoder)
        above = []
        tiers = []
        // Until version 6 every request had the same prices.
        guard decoder.version >= 6 else { return }
        above = try Self.steps(from: &decoder)
        for _ in 0..<(try decoder.count()) {
            let name = try decoder.string()
            let meters = try Self.prices(from: &decoder)
            tiers.append(Tier(name: name, meters: meters, above: try Self.steps(from: &decoder)))
        }
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(version)
        Self.encode(meters, into: &encoder)
        Self.encode(above, into: &encoder)
        encoder.put(UInt64(tiers.count))
        for tier in tiers {
            encoder.put(tier.name)
            Self.encode(tier.meters, into: &encoder)
            Self.encode(tier.above, into: &encoder)
        }
    }

    private static func prices(from decoder: inout RecordDecoder) throws(RecordFault) -> [Price] {
        var prices: [Price] = []
        for _ in 0..<(try decoder.count()) {
            let meter = try decoder.string()
            prices.append(Price(meter: meter, picoUSDPerMillion: try decoder.signed()))
        }
        return prices
    }

    private static func steps(from decoder: inout RecordDecoder) throws(RecordFault) -> [Step] {
        var steps: [Step] = []
        for _ in 0..<(try decoder.count()) {
            let input = try decoder.signed()
            steps.append(Step(input: input, meters: try prices(from: &decoder)))
        }
        return steps
    }

    private static func encode(_ prices: [Price], into encoder: inout RecordEncoder) {
        encoder.put(UInt64(prices.count))
        for price in prices {
            encoder.put(price.meter)
            encoder.put(price.picoUSDPerMillion)
        }
    }

    private static func encode(_ steps: [Step], into encoder: inout RecordEncoder) {
        encoder.put(UInt64(steps.count))
        for step in steps {
            encoder.put(step.input)
            encode(step.meters, into: &encoder)
        }
    }
}
