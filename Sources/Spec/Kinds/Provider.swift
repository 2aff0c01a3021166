/// An upstream that serves models.
package struct Provider: Hashable, Sendable {
    /// The dialect it speaks; all of these speak OpenAI's in this version.
    package enum Dialect: String, CaseIterable, Sendable {
        case openai, vllm, ollama, generic, simulated
    }

    package var dialect: Dialect
    /// Such as `https://api.openai.com/v1`; paths like `/chat/completions` are appended.
    package var baseURL: String
    package var credential: Credential?
    package var timeouts: Timeouts
    /// Whether it may resolve to loopback, link-local or private addresses.
    package var privateNetwork: Bool

    package enum Credential: Hashable, Sendable {
        case environment(String)
        case file(String)
    }

    package struct Timeouts: Hashable, Sendable {
        package var connect: Duration
        /// From the request sent to the first byte of the answer.
        package var firstByte: Duration
        /// Between two pieces of an answer.
        package var idle: Duration
    }
}
