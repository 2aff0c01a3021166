/// A named right that keys carry: the endpoints of the gateway it opens, optionally only for some models, and the permissions it
/// takes along to the admin API.
package struct Scope: Hashable, Sendable {
    package var description: String?
    package var endpoints: [Endpoint]
    package var models: ModelRules
    /// What a key that carries it may do at the admin API, as far as its owner may.
    package var permissions: [Permission]
}

/// An operation of the gateway's API, as scopes name it.
package enum Endpoint: String, CaseIterable, Sendable {
    case chatCompletions = "chat.completions"
    case completions
    case embeddings
    case moderations
    case imagesGenerations = "images.generations"
    case imagesEdits = "images.edits"
    case imagesVariations = "images.variations"
    case audioSpeech = "audio.speech"
    case audioTranscriptions = "audio.transcriptions"
    case audioTranslations = "audio.translations"
    case models
    case inference
    case mlRoute = "ml.route"
    case mlRouteBatch = "ml.route.batch"

    /// Whether its requests name a model, which they then ask.
    package var namesModel: Bool {
        switch self {
        case .models, .mlRoute, .mlRouteBatch: false
        default: true
        }
    }

    /// Whether its answers are text, which a model writes until it is done or bounded.
    package var writesText: Bool {
        switch self {
        case .chatCompletions, .completions, .inference: true
        default: false
        }
    }

    /// Whether its answers are pictures, made by the piece.
    package var makesImages: Bool {
        switch self {
        case .imagesGenerations, .imagesEdits, .imagesVariations: true
        default: false
        }
    }

    /// Whether its requests bring speech that is to be written down.
    package var hearsSpeech: Bool { self == .audioTranscriptions || self == .audioTranslations }

    /// Whether its requests are forms with files, and no JSON.
    package var takesForm: Bool { hearsSpeech || self == .imagesEdits || self == .imagesVariations }

    /// Whether what it asks for is counted by the piece, the character or the second, beside tokens or in their place.
    package var isMetered: Bool { makesImages || hearsSpeech || self == .audioSpeech || self == .moderations }
}
