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
    /// written to a cache, and reasoning within the output.
    package static func cost(_ usage: Usage, _ prices: PriceList) -> NanoUSD {
        NanoUSD(Int64(clamping: roundedHalfEven(exact(usage, prices), by: unitsPerNano)))
    }

    /// Unrounded: in units times trillionths per million.
    static func exact(_ usage: Usage, _ prices: PriceList) -> Int128 {
        let input = Usage.sane(usage.input)
        let cacheRead = prices.cacheRead == nil ? 0 : min(Usage.sane(usage.cacheRead), input)
        let cacheWrite = prices.cacheWrite == nil ? 0 : min(Usage.sane(usage.cacheWrite), input - cacheRead)
        let output = Usage.sane(usage.output)
        let reasoning = prices.reasoning == nil ? 0 : min(Usage.sane(usage.reasoning), output)

        var sum = product(input - cacheRead - cacheWrite, prices.input)
        sum += product(cacheRead, prices.cacheRead ?? 0)
        sum += product(cacheWrite, prices.cacheWrite ?? 0)
        sum += product(output - reasoning, prices.output)
        sum += product(reasoning, prices.reasoning ?? 0)
        sum += product(Usage.sane(usage.other[.image] ?? 0), prices.image)
        sum += product(Usage.sane(usage.other[.request] ?? 1), prices.request)
        for (meter, price) in prices.others {
            sum += product(Usage.sane(usage.other[meter] ?? 0), price)
        }
        return sum
    }

    /// The most that so many tokens, images and requests can cost, rounded up.
    static func ceiling(input: Int64, output: Int64, images: Int64, _ prices: PriceList) -> NanoUSD {
        let dearestInput = max(prices.input, prices.cacheRead ?? 0, prices.cacheWrite ?? 0)
        let dearestOutput = max(prices.output, prices.reasoning ?? 0)
        var sum = product(Usage.sane(input), dearestInput) + product(Usage.sane(output), dearestOutput)
        sum += product(Usage.sane(images), prices.image) + product(1, prices.request)
        return NanoUSD(Int64(clamping: (sum + unitsPerNano - 1) / unitsPerNano))
    }

    private static func product(_ count: Int64, _ price: Int64) -> Int128 { Int128(count) * Int128(price) }

    static func roundedHalfEven(_ value: Int128, by divisor: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder * 2
        let roundsUp = twice > divisor || (twice == divisor && !quotient.isMultiple(of: 2))
        return roundsUp ? quotient + 1 : quotient
    }
}
