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
    /// Output tokens of all answers.
    var output: Int64
    /// Input and all output together.
    var tokens: Int64
    /// The dearest that it can come to; nil without prices.
    var money: Int64?
}

extension Need {
    /// Nil where the input alone does not fit the model's context.
    init?(_ entry: ModelEntry, _ facts: RequestFacts, prices: PriceList?) {
        let images = Usage.sane(Int64(facts.images))
        let inputs = max(1, min(Int64(facts.inputs), Self.inputsMax))
        let answers = max(1, min(Int64(facts.choices), Self.choicesMax)) * inputs
        let context = entry.context.map { Usage.sane($0) * inputs }
        let input = Self.likelyInput(entry, facts, images: images)
        if let context, input > context { return nil }
        let (cap, isAssumed) = Self.outputCap(entry, facts, input: input)
        model = Int32(entry.index)
        self.input = input
        outputCap = cap
        outputIsAssumed = isAssumed
        output = cap * answers
        tokens = input + output
        money = prices.map { prices in
            let dearest = min(Self.inputCeiling(facts, images: images), context ?? .max)
            return Pricing.ceiling(input: dearest, output: cap * answers, images: images, prices).rawValue
        }
    }

    /// More choices than any provider gives; keeps products small.
    private static let choicesMax: Int64 = 1 << 10
    /// More prompts or texts than any provider takes at once.
    private static let inputsMax: Int64 = 1 << 12

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
        // How the input is spread over several prompts is not known.
        let room = entry.context.map { facts.inputs > 1 ? $0 : $0 - input }
        let known = [asked, entry.maxOutput, room].compactMap { $0 }.min()
        return (max(0, min(known ?? TokenPolicy.outputAssumed, Usage.countMax >> 10)), known == nil)
    }
}
