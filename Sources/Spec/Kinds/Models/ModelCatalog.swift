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
        package var description: String?
        package var ownedBy: String?
        /// What sort of work it does; `chat` unless said otherwise.
        package var mode: String
        /// Tokens of input and output together.
        package var context: Int64?
        package var maxInput: Int64?
        package var maxOutput: Int64?
        package var modalities: Modalities
        package var capabilities: [String]
        package var quality: Quality?
        package var labels: [String: String]
        /// From when on its provider advises against it.
        package var deprecated: Instant?
        /// Operations it can serve; empty where the catalog does not say.
        package var endpoints: [String]
        /// Ordered by `effectiveFrom`, the first without one.
        package var prices: [PriceList]

        /// Whether its answers are text by the token.
        package var writesText: Bool { Self.writesText(mode, capabilities) }

        static func writesText(_ mode: String, _ capabilities: [String]) -> Bool {
            textModes.contains(mode) && !capabilities.contains("embeddings")
        }

        private static let textModes: Set<String> = ["chat", "responses", "completion"]
    }

    /// What a model takes and what it gives; an empty list where the catalog does not say.
    package struct Modalities: Hashable, Sendable {
        package var input: [String] = []
        package var output: [String] = []
    }

    package struct PriceList: Hashable, Sendable {
        package var effectiveFrom: Instant?
        package var meters: [Meter: PicoUSDPerMillion]
        /// Ordered by their size.
        package var above: [PriceStep]
        /// By what the request asks for, such as `batch` or `priority`.
        package var tiers: [String: PriceTier]

        package init(
            effectiveFrom: Instant? = nil, meters: [Meter: PicoUSDPerMillion], above: [PriceStep] = [],
            tiers: [String: PriceTier] = [:]
        ) {
            self.effectiveFrom = effectiveFrom
            self.meters = meters
            self.above = above
            self.tiers = tiers
        }
    }

    /// Prices of the whole of a request whose input is larger than `input` tokens; meters that it does not name keep theirs.
    package struct PriceStep: Hashable, Sendable {
        package var input: Int64
        package var meters: [Meter: PicoUSDPerMillion]

        package init(input: Int64, meters: [Meter: PicoUSDPerMillion]) {
            self.input = input
            self.meters = meters
        }
    }

    /// Prices of a class of service; meters that it does not name keep theirs.
    package struct PriceTier: Hashable, Sendable {
        package var meters: [Meter: PicoUSDPerMillion]
        package var above: [PriceStep]

        package init(meters: [Meter: PicoUSDPerMillion], above: [PriceStep]) {
            self.meters = meters
            self.above = above
        }
    }
}

/// How good a model's answers are, as those who run the platform judge: 0 to 100 percent, in hundredths.
package struct Quality: Hashable, Sendable, Comparable {
    package var hundredths: Int

    package static func < (a: Quality, b: Quality) -> Bool { a.hundredths < b.hundredths }
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

    // Tokens of other media, within the input or the output.
    package static let audioInput = Meter(rawValue: "audio-input")
    package static let audioOutput = Meter(rawValue: "audio-output")
    package static let imageInput = Meter(rawValue: "image-input")
    package static let imageOutput = Meter(rawValue: "image-output")
    package static let videoInput = Meter(rawValue: "video-input")
    package static let videoOutput = Meter(rawValue: "video-output")
    /// An image that a model is given, where `image` is one that it makes.
    package static let inputImage = Meter(rawValue: "input-image")
}
