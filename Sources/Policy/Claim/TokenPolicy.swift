internal import Spec

/// What is assumed of requests before their true usage is known.
package enum TokenPolicy {
    /// Tokens of one image: what the vision models in use bill for one of about 1,100 pixels square, the size to
    /// which providers scale larger ones down.
    package static let imageTokens: Int64 = 1_600

    /// Output tokens of one choice where neither the client, nor the catalog, nor a context says: the longest answer
    /// that common servers give unasked. A gateway that enforces budgets passes the cap on to such an upstream.
    package static let outputAssumed: Int64 = 4_096
}

/// What one model may need for a request.
struct Need: Sendable {
    var model: Int32
    /// The likely number of input tokens.
    var input: Int64
    /// Output tokens of one choice.
    var outputCap: Int64
    var outputIsAssumed: Bool
    /// Input and all output together.
    var tokens: Int64
    /// The dearest that it can come to; nil without prices.
    var money: Int64?
}

extension Need {
    /// Nil where the input alone does not fit the model's context.
    init?(_ entry: ModelEntry, _ facts: RequestFacts, prices: PriceList?) {
        let images = Usage.sane(Int64(facts.images))
        let choices = max(1, min(Int64(facts.choices), Self.choicesMax))
        let input = Self.likelyInput(entry, facts, images: images)
        if let context = entry.context, input > context { return nil }
        let (cap, isAssumed) = Self.outputCap(entry, facts, input: input)
        model = Int32(entry.index)
        self.input = input
        outputCap = cap
        outputIsAssumed = isAssumed
        tokens = input + cap * choices
        money = prices.map { prices in
            let dearest = min(Self.inputCeiling(facts, images: images), entry.context ?? .max)
            return Pricing.ceiling(input: dearest, output: cap * choices, images: images, prices).rawValue
        }
    }

    /// More choices than any provider gives; keeps products small.
    private static let choicesMax: Int64 = 1 << 10

    private static func likelyInput(_ entry: ModelEntry, _ facts: RequestFacts, images: Int64) -> Int64 {
        let text = facts.inputTokens.map(Usage.sane) ?? {
            let ratio = facts.ratios[entry.qualifiedName]
            return (Usage.sane(Int64(facts.inputBytes)) * 1_000 + ratio - 1) / ratio
        }()
        return text + images * TokenPolicy.imageTokens
    }

    /// No tokenizer makes more than one token of a byte, so money is held for that many.
    private static func inputCeiling(_ facts: RequestFacts, images: Int64) -> Int64 {
        Usage.sane(facts.inputTokens ?? Int64(facts.inputBytes)) + images * TokenPolicy.imageTokens
    }

    private static func outputCap(_ entry: ModelEntry, _ facts: RequestFacts, input: Int64) -> (Int64, isAssumed: Bool) {
        if facts.endpoint == .embeddings { return (0, false) }
        let asked = facts.maxOutput.map(Usage.sane)
        let room = entry.context.map { $0 - input }
        let known = [asked, entry.maxOutput, room].compactMap { $0 }.min()
        return (max(0, min(known ?? TokenPolicy.outputAssumed, Usage.countMax >> 10)), known == nil)
    }
}
