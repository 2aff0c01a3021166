/// An exact amount of money in billionths of a US dollar; holds up to about 9.2 billion USD.
package struct NanoUSD: Hashable, Sendable, Comparable {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package static let zero = NanoUSD(0)
    package static func < (a: NanoUSD, b: NanoUSD) -> Bool { a.rawValue < b.rawValue }
    package static func + (a: NanoUSD, b: NanoUSD) -> NanoUSD { NanoUSD(a.rawValue &+ b.rawValue) }
    package static func - (a: NanoUSD, b: NanoUSD) -> NanoUSD { NanoUSD(a.rawValue &- b.rawValue) }
}

/// A price in trillionths of a US dollar per million units; `0.15 USD/M` is 150,000,000,000.
package struct PicoUSDPerMillion: Hashable, Sendable {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }
}
