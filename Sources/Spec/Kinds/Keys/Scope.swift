/// A named right that keys carry: the endpoints it opens, and optionally only for some models.
package struct Scope: Hashable, Sendable {
    package var description: String?
    package var endpoints: [Endpoint]
    package var models: ModelRules
}

/// An operation of the gateway's API, as scopes name it.
package enum Endpoint: String, CaseIterable, Sendable {
    case chatCompletions = "chat.completions"
    case completions
    case embeddings
    case models
    case inference
    case mlRoute = "ml.route"
    case mlRouteBatch = "ml.route.batch"

    /// Whether its requests name a model, which they then ask.
    package var namesModel: Bool {
        switch self {
        case .chatCompletions, .completions, .embeddings, .inference: true
        case .models, .mlRoute, .mlRouteBatch: false
        }
    }
}
