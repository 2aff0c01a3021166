package import Spec

/// What usage costs.
///
/// Products are exact in 128 bits, and the sum is rounded once, half to even, to billionths of a dollar.
package enum Pricing {
    /// Units times a price per million in trillionths, in one billionth of a dollar.
    static let unitsPerNano: Int128 = 1_000_000_000

    /// The cost of one answer. A request counts as one where requests have a price and the usage does not say.
    ///
    /// Tokens read from a cache cost their own price where there is one and the input price otherwise; so do tokens
    /// written to a cache, and those of sound, pictures and film. Within the output, reasoning and the same media do.
    ///
    /// `tier` is the class of service in which it was served, nil the usual one. The size of the input decides on the prices of
    /// the whole.
    package static func cost(_ usage: Usage, _ prices: PriceList, tier: String? = nil) -> NanoUSD {
        NanoUSD(Int64(clamping: roundedHalfEven(exact(usage, prices, tier: tier), by: unitsPerNano)))
    }

    /// Unrounded: in units times trillionths per million.
    static func exact(_ usage: Usage, _ prices: PriceList, tier: String? = nil) -> Int128 {
        let rates = prices.rates(tier: tier, input: usage.input)
        var input = Usage.sane(usage.input)
        var output = Usage.sane(usage.output)
        var sum = product(Usage.sane(usage.other[.request] ?? 1), rates.request)
        if !usage.other.isEmpty {
            for part in rates.inputParts { sum += take(usage.other[part.meter], at: part.price, from: &input) }
            for part in rates.outputParts { sum += take(usage.other[part.meter], at: part.price, from: &output) }
            for other in rates.others { sum += product(Usage.sane(usage.other[other.meter] ?? 0), other.price) }
        }
        sum += take(usage.cacheRead, at: rates.cacheRead, from: &input)
        sum += take(usage.cacheWrite, at: rates.cacheWrite, from: &input)
        sum += take(usage.reasoning, at: rates.reasoning, from: &output)
        return sum + product(input, rates.input) + product(output, rates.output)
    }

    /// What a part costs at its own price, taken out of the whole that counts it; nothing where it has none.
    private static func take(_ count: Int64?, at price: Int64?, from whole: inout Int64) -> Int128 {
        guard let count, let price else { return 0 }
        let part = min(Usage.sane(count), whole)
        whole -= part
        return product(part, price)
    }

    /// The most that so much can cost, rounded up.
    static func ceiling(_ most: Most, _ prices: PriceList) -> NanoUSD {
        var dearest: Int128 = 0
        prices.possible(tier: most.tier, input: most.input) { dearest = max(dearest, ceiling(most, $0)) }
        return NanoUSD(Int64(clamping: (dearest + unitsPerNano - 1) / unitsPerNano))
    }

    private static func ceiling(_ most: Most, _ rates: Rates) -> Int128 {
        let text = max(rates.input, rates.cacheRead ?? 0, rates.cacheWrite ?? 0)
        let made = rates.outputParts.lazy.filter { most.mayHaveSound || $0.meter != .audioOutput }.map(\.price).max() ?? 0
        var sum = product(Usage.sane(most.text), text)
        sum += product(Usage.sane(most.pictures), max(text, rates.price(of: .imageInput) ?? 0))
        sum += product(Usage.sane(most.sound), max(text, rates.price(of: .audioInput) ?? 0))
        sum += product(Usage.sane(most.film), max(text, rates.inputParts.lazy.map(\.price).max() ?? 0))
        sum += product(Usage.sane(most.output), max(rates.output, rates.reasoning ?? 0, made))
        sum += product(Usage.sane(most.images), most.imageMeter.flatMap(rates.price(of:)) ?? 0)
        if let meter = most.unitMeter { sum += product(Usage.sane(most.units), rates.price(of: meter) ?? 0) }
        return sum + product(1, rates.request)
    }

    /// The most that a request can come to: tokens by what they are made of, since their prices differ, and images.
    struct Most {
        var text: Int64 = 0
        /// Also of files, whose pages may be looked at.
        var pictures: Int64 = 0
        var sound: Int64 = 0
        /// Film has pictures and sound.
        var film: Int64 = 0
        var output: Int64 = 0
        /// Whether sound was asked for; no model speaks unasked.
        var mayHaveSound = false
        /// Brought by the request, and the meter that counts them.
        var images: Int64 = 0
        var imageMeter: Meter?
        /// Images to make, characters to speak, seconds to hear, and the meter that counts them.
        var units: Int64 = 0
        var unitMeter: Meter?
        /// The class of service that is asked for.
        var tier: String?

        var input: Int64 { text + pictures + sound + film }
    }

    private static func product(_ count: Int64, _ price: Int64) -> Int128 { Int128(count) * Int128(price) }

    static func roundedHalfEven(_ value: Int128, by divisor: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder * 2
        let roundsUp = twice > divisor || (twice == divisor && !quotient.isMultiple(of: 2))
        return roundsUp ? quotient + 1 : quotient
    }
}
