/// A model as a foreign table tells of it, in Charter's words.
struct ImportedModel: Hashable, Sendable {
    var provider: String
    var name: String
    /// Nil where the provider calls it by `name`.
    var upstreamName: String?
    var displayName: String?
    var context: Int64?
    var maxInput: Int64?
    var maxOutput: Int64?
    var mode: String?
    var input: [String] = []
    var output: [String] = []
    var endpoints: [String] = []
    var capabilities: [String] = []
    var labels: [String: String] = [:]
    var deprecated: String?
    var prices: [PricePlace: ImportedPrice] = [:]
    /// Written above it, for people.
    var comments: [String] = []
    /// Capabilities that the table says it has not.
    var lacking: Set<String> = []
}

/// Where a price stands in a catalog: which meter, of which service tier, from how long an input on.
package struct PricePlace: Hashable, Sendable {
    package var meter: String
    /// Nil is the standard tier.
    package var tier: String?
    /// The input tokens above which it holds; nil for every request.
    package var above: Int64?

    package init(_ meter: String, tier: String? = nil, above: Int64? = nil) {
        self.meter = meter
        self.tier = tier
        self.above = above
    }
}

struct ImportedPrice: Hashable, Sendable {
    var picoUSDPerMillion: Int64
    /// Whether it is written for one unit rather than for a million.
    var isForOne: Bool

    /// As a catalog says it: `1.25 USD/M`, `0.04 USD`.
    var text: String {
        guard isForOne else { return PicoUSDPerMillion(picoUSDPerMillion).text }
        return AmountText.decimal(picoUSDPerMillion, scale: PicoUSDPerMillion.perUSD * 1_000_000) + " USD"
    }
}

/// How much of a thing a foreign price is for.
enum PriceUnit: Sendable {
    /// USD for one token, which catalogs write for a million.
    case token
    /// USD for one image, request, second or the like.
    case one
    case thousand
    case millionTokens

    /// The power of ten from USD for this much to trillionths of a USD for a million.
    var powerOfTen: Int {
        switch self {
        case .token, .one: 18
        case .thousand: 15
        case .millionTokens: 12
        }
    }

    var isForOne: Bool { self == .one || self == .thousand }
}
