import Policy
import Testing

@testable import Spec

@Suite struct PricingTests {
    /// USD per million to trillionths.
    private static func prices(_ usdPerMillion: [Meter: Double]) -> PriceList {
        PriceList(
            ModelCatalog.PriceList(
                meters: usdPerMillion.mapValues { PicoUSDPerMillion(Int64(($0 * 1e6).rounded()) * 1_000_000) }),
            version: "test")
    }

    private static func raw(_ meters: [Meter: Int64]) -> PriceList {
        PriceList(ModelCatalog.PriceList(meters: meters.mapValues { PicoUSDPerMillion($0) }), version: "test")
    }

    @Test func `a million tokens cost the listed price`() {
        let list = Self.prices([.input: 2.5, .output: 10])
        #expect(Pricing.cost(Usage(input: 1_000_000), list) == NanoUSD(2_500_000_000))
        #expect(Pricing.cost(Usage(input: 1_000_000, output: 1_000_000), list) == NanoUSD(12_500_000_000))
        #expect(Pricing.cost(Usage(), list) == .zero)
    }

    @Test func `cached input costs its own price where there is one`() {
        let usage = Usage(input: 1_000_000, cacheRead: 400_000)
        #expect(Pricing.cost(usage, Self.prices([.input: 2.5, .cacheRead: 1.25])) == NanoUSD(2_000_000_000))
        #expect(Pricing.cost(usage, Self.prices([.input: 2.5])) == NanoUSD(2_500_000_000))
    }

    @Test func `written cache and reasoning cost their own prices where there are any`() {
        let usage = Usage(input: 1_000_000, output: 1_000_000, cacheWrite: 500_000, reasoning: 300_000)
        #expect(Pricing.cost(usage, Self.prices([.input: 2, .output: 10])) == NanoUSD(12_000_000_000))
        let own = Self.prices([.input: 2, .output: 10, .cacheWrite: 4, .reasoning: 20])
        #expect(Pricing.cost(usage, own) == NanoUSD(3_000_000_000 + 13_000_000_000))
    }

    @Test func `sound, pictures and film cost their own prices where there are any`() {
        let usage = Usage(
            input: 1_000_000, output: 1_000_000, cacheRead: 100_000, reasoning: 100_000,
            other: [.audioInput: 200_000, .imageInput: 100_000, .audioOutput: 300_000, .videoOutput: 50_000])
        // The text's prices hold for what has none.
        #expect(Pricing.cost(usage, Self.prices([.input: 2, .output: 10])) == NanoUSD(12_000_000_000))
        let own = Self.prices([
            .input: 2, .output: 10, .cacheRead: 1, .reasoning: 20, .audioInput: 40, .imageInput: 5, .audioOutput: 80, .videoOutput: 100,
        ])
        // 600,000 of text, 100,000 from the cache, 200,000 of sound, 100,000 of pictures.
        let input: Int64 = 1_200_000_000 + 100_000_000 + 8_000_000_000 + 500_000_000
        // 550,000 of text, 100,000 of reasoning, 300,000 of sound, 50,000 of film.
        let output: Int64 = 5_500_000_000 + 2_000_000_000 + 24_000_000_000 + 5_000_000_000
        #expect(Pricing.cost(usage, own) == NanoUSD(input + output))
        let both = Self.prices([.input: 2, .output: 10, .audio: 40])
        #expect(Pricing.cost(usage, both) == NanoUSD(800_000 * 2_000 + 200_000 * 40_000 + 700_000 * 10_000 + 300_000 * 40_000))
    }

    private static let graded = PriceList(
        ModelCatalog.PriceList(
            meters: usd([.input: 2, .output: 10, .cacheRead: 1]),
            above: [.init(input: 200_000, meters: usd([.input: 4, .output: 15])), .init(input: 500_000, meters: usd([.input: 8]))],
            tiers: [
                "flex": .init(meters: usd([.input: 1, .output: 5]), above: []),
                "priority": .init(meters: usd([.output: 20]), above: [.init(input: 300_000, meters: usd([.output: 30]))]),
            ]),
        version: "test")

    private static func usd(_ meters: [Meter: Double]) -> [Meter: PicoUSDPerMillion] {
        meters.mapValues { PicoUSDPerMillion(Int64(($0 * 1e6).rounded()) * 1_000_000) }
    }

    @Test(arguments: [
        // Beyond a step its prices hold for the whole; what it does not name keeps its price.
        (200_000, nil, 2, 10), (200_001, nil, 4, 15), (500_000, nil, 4, 15), (500_001, nil, 8, 15),
        // A class of service says what differs from the usual prices of that size, and a step of its own what differs again.
        (1_000, "flex", 1, 5), (600_000, "flex", 1, 5), (1_000, "priority", 2, 20), (250_000, "priority", 4, 20),
        (300_001, "priority", 4, 30), (600_000, "priority", 8, 30), (1_000, "scale", 2, 10), (600_000, "default", 8, 15),
    ] as [(Int64, String?, Int64, Int64)])
    func `the size of the input and the class of service decide on the prices of the whole`(
        input: Int64, tier: String?, inputUSD: Int64, outputUSD: Int64
    ) {
        let cost = Pricing.cost(Usage(input: input, output: 1_000, cacheRead: 500), Self.graded, tier: tier)
        #expect(cost == NanoUSD((input - 500) * inputUSD * 1_000 + 500 * 1_000 + 1_000 * outputUSD * 1_000))
    }

    @Test func `images cost what is declared of those that are given`() {
        func meter(_ meters: [Meter: PicoUSDPerMillion], makesImages: Bool = false) -> Meter? {
            PriceList(ModelCatalog.PriceList(meters: meters), version: "test", makesImages: makesImages).imageMeter
        }
        #expect(meter([.input: PicoUSDPerMillion(1)]) == nil)
        #expect(meter([.image: PicoUSDPerMillion(1)]) == .image)
        #expect(meter([.image: PicoUSDPerMillion(1), .inputImage: PicoUSDPerMillion(1)]) == .inputImage)
        #expect(meter([.image: PicoUSDPerMillion(1)], makesImages: true) == nil)
        #expect(meter([.image: PicoUSDPerMillion(1), .inputImage: PicoUSDPerMillion(1)], makesImages: true) == .inputImage)
    }

    @Test func `a part never exceeds its whole`() {
        let list = Self.prices([.input: 2, .cacheRead: 1, .output: 10, .reasoning: 5])
        let nonsense = Usage(input: 100, output: 100, cacheRead: 1_000_000, reasoning: 1_000_000)
        #expect(Pricing.cost(nonsense, list) == NanoUSD(100 * 1_000 + 100 * 5_000))
    }

    @Test func `negative and enormous counts neither pay out nor overflow`() {
        let list = Self.raw([.input: .max, .output: .max, .request: .max])
        #expect(Pricing.cost(Usage(input: -5, output: -5, other: [.request: 0]), list) == .zero)
        #expect(Pricing.cost(Usage(input: .max, output: .max), list) == NanoUSD(.max))
        #expect(Usage(input: .max, output: .max).tokens > 0)
    }

    @Test func `requests and open meters are priced`() {
        let list = Self.prices([.request: 10_000, .image: 5_000, Meter(rawValue: "searches"): 20_000])
        #expect(Pricing.cost(Usage(), list) == NanoUSD(10_000_000))
        let usage = Usage(other: [.image: 2, Meter(rawValue: "searches"): 3, Meter(rawValue: "unknown"): 9])
        #expect(Pricing.cost(usage, list) == NanoUSD(10_000_000 + 10_000_000 + 60_000_000))
    }

    @Test(arguments: [
        (499_999_999, 0), (500_000_000, 0), (500_000_001, 1), (1_499_999_999, 1), (1_500_000_000, 2),
        (1_500_000_001, 2), (2_500_000_000, 2), (3_500_000_000, 4),
    ] as [(Int64, Int64)])
    func `the sum is rounded once, half to even`(price: Int64, nano: Int64) {
        #expect(Pricing.cost(Usage(input: 1), Self.raw([.input: price])) == NanoUSD(nano))
    }

    @Test func `halves of two meters make a whole before rounding`() {
        let list = Self.raw([.input: 500_000_000, .output: 500_000_000])
        #expect(Pricing.cost(Usage(input: 1, output: 1), list) == NanoUSD(1))
    }

    @Test func `cost equals the exact rational, rounded, for random usage`() {
        var random = Seeded(state: 3)
        for _ in 0..<5_000 {
            let input = Int64.random(in: 0...2_000_000, using: &random)
            let cached = Int64.random(in: 0...input, using: &random)
            let output = Int64.random(in: 0...200_000, using: &random)
            let prices = (0..<3).map { _ in Int64.random(in: 0...100_000_000_000_000, using: &random) }
            let list = Self.raw([.input: prices[0], .cacheRead: prices[1], .output: prices[2]])
            let cost = Int128(
                Pricing.cost(Usage(input: input, output: output, cacheRead: cached), list).rawValue)
            let exact =
                Int128(input - cached) * Int128(prices[0]) + Int128(cached) * Int128(prices[1])
                + Int128(output) * Int128(prices[2])
            let difference = (cost * 1_000_000_000 - exact).magnitude
            #expect(difference <= 500_000_000)
            if difference == 500_000_000 { #expect(cost.isMultiple(of: 2)) }
        }
    }

    @Test func `more usage never costs less`() {
        var random = Seeded(state: 4)
        let list = Self.prices([.input: 2.5, .cacheRead: 1.25, .output: 10, .reasoning: 12])
        for _ in 0..<2_000 {
            let usage = Usage(
                input: .random(in: 0...10_000, using: &random), output: .random(in: 0...10_000, using: &random))
            var more = usage
            more.input += .random(in: 0...100, using: &random)
            more.output += .random(in: 0...100, using: &random)
            #expect(Pricing.cost(usage, list) <= Pricing.cost(more, list))
        }
    }
}
