package import Spec

/// What policy needs to know of a request before it is forwarded.
package struct RequestFacts: Sendable {
    package var endpoint: Endpoint
    /// As the client wrote it; empty for the list of models.
    package var model: String
    /// Bytes of the body without inline media; no tokenizer makes more than one token of a byte.
    package var inputBytes: Int
    /// Known where the client sent token numbers instead of text.
    package var inputTokens: Int64?
    /// The client's bound on output tokens of one choice.
    package var maxOutput: Int64?
    /// Answers asked for, at least 1.
    package var choices: Int
    /// More choices than any provider gives, and the most that is held for; keeps products small.
    package static let choicesMax: Int64 = 1 << 10
    /// Prompts, or texts to embed, in the one request, at least 1: each has the model's context to itself and is answered.
    package var inputs: Int
    /// More prompts than any provider takes at once, and the most that is held for; keeps products small.
    package static let inputsMax: Int64 = 1 << 12
    package var stream: Bool
    package var images: Int
    /// What it brings beside text and images.
    package var media: MediaFacts
    /// Whether the answer may be spoken.
    package var asksForSound: Bool
    /// The class of service that it asks for, such as `priority`.
    package var serviceTier: String?
    /// Nil where it is not known; a key bound to networks is then refused.
    package var client: ClientAddress?
    /// The pages that send it; nil where it says nothing of pages, as requests from outside of browsers do.
    package var origin: WebOrigin?
    /// What earlier answers taught about the size of tokens.
    package var ratios: TokenRatios

    package init(
        endpoint: Endpoint, model: String, inputBytes: Int = 0, inputTokens: Int64? = nil, maxOutput: Int64? = nil,
        choices: Int = 1, inputs: Int = 1, stream: Bool = false, images: Int = 0,
        media: MediaFacts = MediaFacts(), asksForSound: Bool = false, serviceTier: String? = nil, client: ClientAddress? = nil,
        origin: WebOrigin? = nil, ratios: TokenRatios = TokenRatios()
    ) {
        self.endpoint = endpoint
        self.model = model
        self.inputBytes = inputBytes
        self.inputTokens = inputTokens
        self.maxOutput = maxOutput
        self.choices = choices
        self.inputs = inputs
        self.stream = stream
        self.images = images
        self.media = media
        self.asksForSound = asksForSound
        self.serviceTier = serviceTier
        self.client = client
        self.origin = origin
        self.ratios = ratios
    }
}

/// Media in a request's messages.
package struct MediaFacts: Hashable, Sendable {
    /// Of the images, those whose detail does not matter.
    package var lowImages = 0
    package var files = 0
    /// Decoded bytes of what the request carries.
    package var fileBytes = 0
    package var soundBytes = 0
    package var filmBytes = 0
    /// Files, sounds and films that the request only names.
    package var unseen = 0
    /// Of a text to speak.
    package var characters = 0
    /// Thousandths of the usual speed at which it is to be spoken.
    package var speed = 1000
    /// Tokens that an image to make comes to at most, by the quality that is asked for.
    package var madeImageTokens: Int64 = 0

    package init() {}

    var isEmpty: Bool { files == 0 && soundBytes == 0 && filmBytes == 0 && unseen == 0 }
}

/// Bytes per token of each model, learned from answered requests.
package struct TokenRatios: Sendable {
    /// Thousandths of a byte per token, by `provider/model`.
    package var thousandths: [String: Int64]

    package init(thousandths: [String: Int64] = [:]) { self.thousandths = thousandths }

    /// The rule of thumb for English text with the tokenizers in use, 4.0 bytes.
    package static let assumedThousandths: Int64 = 4_000

    /// The likely number of tokens of a text, rounded up.
    package func tokens(ofBytes bytes: Int64, model: String) -> Int64 {
        let ratio = self[model]
        return (Usage.sane(bytes) * 1_000 + ratio - 1) / ratio
    }

    package subscript(_ model: String) -> Int64 {
        guard !thousandths.isEmpty, let learned = thousandths[model], learned > 0 else {
            return Self.assumedThousandths
        }
        return learned
    }
}
