/// An upstream that serves models.
package struct Provider: Hashable, Sendable {
    /// The dialect it speaks.
    package enum Dialect: String, CaseIterable, Sendable {
        case openai, vllm, ollama, generic, simulated
        case anthropic
        case azureOpenAI = "azure-openai"
        case gemini, mistral

        /// Whether a gateway of this version can talk to it: it sends requests as OpenAI takes them.
        package var isSpoken: Bool {
            switch self {
            case .openai, .vllm, .ollama, .generic, .simulated, .mistral: true
            case .anthropic, .azureOpenAI, .gemini: false
            }
        }
    }

    package var dialect: Dialect
    package var description: String?
    /// Such as `https://api.openai.com/v1`; paths like `/chat/completions` are appended.
    package var baseURL: String
    /// Of an interface that has dated versions, such as Azure's.
    package var apiVersion: String?
    /// What Azure calls a model, by the model's upstream name.
    package var deployments: [String: String]
    /// Where it computes, for routes that ask for it.
    package var region: String?
    /// Ids under which the provider bills.
    package var account: Account
    package var credential: Credential?
    package var headers: [String: HeaderValue]
    package var timeouts: Timeouts
    package var health: Health
    /// What the provider allows the whole platform.
    package var limits: [Limit]
    package var connections: Connections
    /// Whether it may resolve to loopback, link-local or private addresses.
    package var privateNetwork: Bool
    package var tls: TLS

    /// Where the gateway finds a secret; the secret itself is never declared.
    package enum SecretReference: Hashable, Sendable {
        case environment(String)
        case file(String)
        /// By the name under which systemd hands it to the gateway (systemd.exec(5), LoadCredential=).
        case systemd(String)
    }

    package struct Credential: Hashable, Sendable {
        package var secret: SecretReference
        /// The header that carries it; nil where the dialect says.
        package var header: String?
    }

    package struct Account: Hashable, Sendable {
        package var organization: String?
        package var project: String?
    }

    package enum HeaderValue: Hashable, Sendable {
        case text(String)
        case secret(SecretReference)
    }

    package struct Timeouts: Hashable, Sendable {
        package var connect: Duration
        /// From the request sent to the first byte of the answer.
        package var firstByte: Duration
        /// Between two pieces of an answer.
        package var idle: Duration
        /// From the request to the end of the answer; nil for no such bound.
        package var total: Duration?
        /// How long a stream is read on after its client has left; nil where it is stopped at once.
        package var drain: Duration?
    }

    package struct Connections: Hashable, Sendable {
        /// At most so many at once from each gateway; nil for no such bound.
        package var max: Int?
        /// How long an unused one is kept.
        package var idle: Duration?
    }

    package struct TLS: Hashable, Sendable {
        /// A file with the authorities to trust in place of the system's.
        package var ca: String?
        /// The name that the certificate must have; the host's unless said otherwise.
        package var serverName: String?
        /// Files with the gateway's own certificate and its key.
        package var certificate: String?
        package var key: String?
    }
}
