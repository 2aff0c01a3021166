internal import Spec

/// What is assumed of requests before their true usage is known.
package enum TokenPolicy {
    /// Tokens of one image: what the vision models in use bill for one of about 1,100 pixels square, the size to
    /// which providers scale larger ones down.
    package static let imageTokens: Int64 = 1_600

    /// Of an image asked for with `detail: low`: OpenAI's flat 85 tokens, Gemini's 258 and what lies between.
    package static let lowImageTokens: Int64 = 258

    /// Output tokens of one choice where neither the client, nor the catalog, nor a context says: the longest answer
    /// that common servers give unasked. A gateway that enforces budgets passes the cap on to such an upstream.
    package static let outputAssumed: Int64 = 4_096

    /// Output tokens in a second, of an answer that was worked on and never came: what hosted models in use write.
    package static let outputPerSecond: Int64 = 64

    /// Bytes of a file for each token: a document has a good deal of layout beside its text.
    static let fileBytesPerToken: Int64 = 8
    /// Bytes of sound for each token: 64 kbit/s of compressed speech, at the 32 tokens a second of Gemini (OpenAI has 10).
    static let soundBytesPerToken: Int64 = 256
    /// The fewest: 16 kbit/s, below which no codec in use speaks.
    static let soundBytesPerTokenLeast: Int64 = 64
    /// Bytes of film for each token: 1 Mbit/s, at Gemini's 300 tokens a second.
    static let filmBytesPerToken: Int64 = 400
    /// Of a file, sound or film that the request only names: some twenty pages, or a few minutes.
    static let unseenTokens: Int64 = 16_384
    /// The most of such a one where the model's context is not known.
    static let unseenTokensMax: Int64 = 1 << 18
    /// Of an image to make: the most that OpenAI's image models write, and what they write where less quality is asked for.
    package static let madeImageTokens: Int64 = 6_240
    package static let mediumImageTokens: Int64 = 1_584
    package static let roughImageTokens: Int64 = 408
    /// Of an image to change, looked at closely.
    static let changedImageTokens: Int64 = 6_240
    /// Of a text to speak: 150 words a minute, and as slowly as numbers and abbreviations are spoken out.
    static let charactersPerSecond: Int64 = 15
    static let charactersPerSecondLeast: Int64 = 4
    /// Tokens of a second of speech that is made: what OpenAI's price for a minute comes to.
    package static let spokenTokensPerSecond: Int64 = 21
    /// Tokens of text in a second of speech, spoken fast.
    package static let writtenTokensPerSecond: Int64 = 8
    /// Bytes of a second of sound, as compressed speech has them, and the fewest.
    static let soundBytesPerSecond: Int64 = 8_000
    static let soundBytesPerSecondLeast: Int64 = 2_000
    /// Output tokens of a usual answer, for an estimate of what it will cost where nothing is held.
    static let outputUsual: Int64 = 500
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
    /// Those of the model, or those that its organization puts in their place.
    var prices: PriceList?
}

extension Need {
    /// Nil where the text and the images alone do not fit the model's context.
    init?(_ entry: ModelEntry, _ facts: RequestFacts, prices: PriceList?) {
        if facts.endpoint.isMetered {
            self.init(metered: entry, facts, prices: prices)
        } else {
            self.init(text: entry, facts, prices: prices)
        }
    }

    private init?(text entry: ModelEntry, _ facts: RequestFacts, prices: PriceList?) {
        let inputs = max(1, min(Int64(facts.inputs), RequestFacts.inputsMax))
        let answers = max(1, min(Int64(facts.choices), RequestFacts.choicesMax)) * inputs
        let context = entry.context.map { Usage.sane($0) * inputs }
        let pictures = Self.pictureTokens(facts)
        let seen = Self.likelyText(entry, facts) + pictures
        if let context, seen > context { return nil }
        let (cap, isAssumed) = Self.outputCap(entry, facts, input: seen)
        model = Int32(entry.index)
        // How long a document is only its reader knows: it is taken to fit.
        input = seen + (facts.media.isEmpty ? 0 : min(facts.media.likelyTokens, context.map { $0 - seen } ?? .max))
        outputCap = cap
        outputIsAssumed = isAssumed
        output = cap * answers
        tokens = input + output
        self.prices = prices
        money = prices.map { prices in
            var most = Pricing.Most(
                text: Usage.sane(facts.inputTokens ?? Int64(facts.inputBytes)), pictures: pictures, output: cap * answers,
                mayHaveSound: facts.asksForSound, images: Usage.sane(Int64(facts.images)), imageMeter: prices.imageMeter,
                tier: facts.serviceTier)
            most.add(facts.media)
            if let context { most.clamp(toInput: context) }
            return Pricing.ceiling(most, prices).rawValue
        }
    }

    static func likelyText(_ entry: ModelEntry, _ facts: RequestFacts) -> Int64 {
        facts.inputTokens.map(Usage.sane) ?? facts.ratios.tokens(ofBytes: Int64(facts.inputBytes), model: entry.qualifiedName)
    }

    private static func pictureTokens(_ facts: RequestFacts) -> Int64 {
        let images = Usage.sane(Int64(facts.images))
        let low = min(images, Int64(facts.media.lowImages))
        return (images - low) * TokenPolicy.imageTokens + low * TokenPolicy.lowImageTokens
    }

    private static func outputCap(_ entry: ModelEntry, _ facts: RequestFacts, input: Int64) -> (Int64, isAssumed: Bool) {
        if !facts.endpoint.writesText { return (0, false) }
        let asked = facts.maxOutput.map(Usage.sane)
        // How the input is spread over several prompts is not known.
        let room = entry.context.map { facts.inputs > 1 ? $0 : $0 - input }
        let known = [asked, entry.maxOutput, room].compactMap { $0 }.min()
        return (max(0, min(known ?? TokenPolicy.outputAssumed, Usage.countMax >> 10)), known == nil)
    }
}

extension MediaFacts {
    fileprivate var likelyTokens: Int64 {
        Int64(fileBytes) / TokenPolicy.fileBytesPerToken + Int64(soundBytes) / TokenPolicy.soundBytesPerToken
            + Int64(filmBytes) / TokenPolicy.filmBytesPerToken + Int64(unseen) * TokenPolicy.unseenTokens
            + Int64(files) * TokenPolicy.imageTokens
    }
}

extension Pricing.Most {
    /// A file may be nothing but text, a token for every byte, and its pages may be looked at too.
    mutating func add(_ media: MediaFacts) {
        guard !media.isEmpty else { return }
        pictures += Int64(media.fileBytes) + Int64(media.files) * TokenPolicy.imageTokens
        sound = (Int64(media.soundBytes) + TokenPolicy.soundBytesPerTokenLeast - 1) / TokenPolicy.soundBytesPerTokenLeast
        film = Int64(media.filmBytes) + Int64(media.unseen) * TokenPolicy.unseenTokensMax
    }

    /// No more input than the context holds, the dearest first.
    fileprivate mutating func clamp(toInput context: Int64) {
        sound = min(sound, context)
        film = min(film, context - sound)
        pictures = min(pictures, context - sound - film)
        text = min(text, context - sound - film - pictures)
    }
}
