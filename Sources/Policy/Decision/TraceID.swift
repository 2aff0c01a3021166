/// The identity of a trace that a request is part of: 128 bits, not all of them zero (W3C Trace Context §3.2.2.3).
package struct TraceID: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The zeros that each half has before its other hexadecimal digits; a half of zero keeps one digit.
    var leadingZeros: LeadingZeros { LeadingZeros(high: Self.zeros(high), low: Self.zeros(low)) }

    struct LeadingZeros: Hashable {
        var high: Int
        var low: Int
    }

    private static func zeros(_ half: UInt64) -> Int { min(half.leadingZeroBitCount / 4, 15) }
}
