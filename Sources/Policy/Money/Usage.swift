package import Spec

/// What an answer consumed.
package struct Usage: Hashable, Sendable {
    /// Every prompt token, those read from or written to a cache included.
    package var input: Int64
    /// Every generated token, reasoning included.
    package var output: Int64
    package var cacheRead: Int64
    package var cacheWrite: Int64
    package var reasoning: Int64
    /// Tokens of sound, pictures and film within the input and the output; images, requests and whatever else is metered.
    package var other: [Meter: Int64]

    package init(
        input: Int64 = 0, output: Int64 = 0, cacheRead: Int64 = 0, cacheWrite: Int64 = 0, reasoning: Int64 = 0,
        other: [Meter: Int64] = [:]
    ) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
        self.other = other
    }

    /// What token limits count; a provider's nonsense is neither negative nor overflows.
    package var tokens: Int64 { Usage.sane(input) + Usage.sane(output) }

    /// More than any answer holds, and small enough that products with prices fit 128 bits.
    static let countMax: Int64 = 1 << 50

    static func sane(_ count: Int64) -> Int64 { min(max(0, count), countMax) }
}
