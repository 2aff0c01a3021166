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
}
