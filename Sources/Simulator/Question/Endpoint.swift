/// The endpoints that the simulated provider serves and logs.
enum Endpoint: String {
    case chatCompletions = "chat.completions"
    case completions
    case embeddings

    init?(path: String) {
        switch path {
        case "/v1/chat/completions": self = .chatCompletions
        case "/v1/completions": self = .completions
        case "/v1/embeddings": self = .embeddings
        default: return nil
        }
    }
}
