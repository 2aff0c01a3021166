internal import Spec

/// What OpenTelemetry's conventions for generative AI call things.
enum GenAINames {
    /// `gen_ai.operation.name`.
    static func operation(_ endpoint: Endpoint) -> String {
        switch endpoint {
        case .chatCompletions, .inference: "chat"
        case .completions: "text_completion"
        case .embeddings: "embeddings"
        // The conventions have no word for the others.
        default: endpoint.rawValue
        }
    }

    /// `gen_ai.provider.name`: the vendor whose dialect tells it, else the name that the provider is declared under.
    static func provider(_ name: String, _ dialect: Provider.Dialect) -> String {
        switch dialect {
        case .openai: "openai"
        case .anthropic: "anthropic"
        case .azureOpenAI: "azure.ai.openai"
        case .gemini: "gcp.gemini"
        case .mistral: "mistral_ai"
        case .vllm, .ollama, .generic, .simulated: name
        }
    }
}

/// A model as spans and metrics name it.
struct ExportedModel: Sendable {
    /// `gen_ai.provider.name`.
    var provider: String
    /// `gen_ai.request.model`: what the provider is asked for.
    var upstream: String
}
