/// The models of one provider, with what they can do and cost.
package struct ModelCatalog: Hashable, Sendable {
    package var provider: String
    package var models: [Model]

    package struct Model: Hashable, Sendable {
        /// Clients ask for `<provider>/<name>`, or `<name>` where only one catalog has it.
        package var name: String
        /// What the provider calls it; `name` unless said otherwise.
        package var upstreamName: String
        package var displayName: String?
        package var ownedBy: String?
        /// Tokens of input and output together.
        package var context: Int64?
        package var maxOutput: Int64?
        package var modalities: [String]
        package var capabilities: [String]
        package var labels: [String: String]
        /// Ordered by `effectiveFrom`, the first without one.
        package var prices: [PriceList]
    }

    package struct PriceList: Hashable, Sendable {
        package var effectiveFrom: Instant?
        package var meters: [Meter: PicoUSDPerMillion]

        package init(effectiveFrom: Instant? = nil, meters: [Meter: PicoUSDPerMillion]) {
            self.effectiveFrom = effectiveFrom
            self.meters = meters
        }
    }
}

/// What is counted and priced; an open set.
package struct Meter: RawRepresentable, Hashable, Sendable {
    package var rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let input = Meter(rawValue: "input")
    package static let output = Meter(rawValue: "output")
    package static let cacheRead = Meter(rawValue: "cacheRead")
    package static let cacheWrite = Meter(rawValue: "cacheWrite")
    package static let reasoning = Meter(rawValue: "reasoning")
    package static let image = Meter(rawValue: "image")
    package static let audio = Meter(rawValue: "audio")
    package static let request = Meter(rawValue: "request")
}
