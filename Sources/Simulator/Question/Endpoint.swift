/// The endpoints that the simulated provider serves and logs.
enum Endpoint: String {
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

    init?(path: String) {
        switch path {
        case "/v1/chat/completions": self = .chatCompletions
        case "/v1/completions": self = .completions
        case "/v1/embeddings": self = .embeddings
        case "/v1/moderations": self = .moderations
        case "/v1/images/generations": self = .imagesGenerations
        case "/v1/images/edits": self = .imagesEdits
        case "/v1/images/variations": self = .imagesVariations
        case "/v1/audio/speech": self = .audioSpeech
        case "/v1/audio/transcriptions": self = .audioTranscriptions
        case "/v1/audio/translations": self = .audioTranslations
        default: return nil
        }
    }
}
