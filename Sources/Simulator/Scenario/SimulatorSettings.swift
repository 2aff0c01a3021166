/// How a simulated provider behaves unless a request's headers say otherwise.
package struct SimulatorSettings: Sendable, Equatable {
    package var host = "127.0.0.1"
    /// 0 lets the system choose.
    package var port: UInt16 = 9101
    package var loops = 1
    /// Where served requests are written; nil writes none.
    package var logPath: String?
    /// Prints nothing but errors.
    package var isQuiet = false
    /// From the request to the first byte of the answer.
    package var firstToken = Duration.zero
    /// Between one token and the next.
    package var pace = Duration.zero
    /// The share of requests answered with `errorStatus`, 0 to 1.
    package var errorRate = 0.0
    package var errorStatus = 500
    /// The share of answers that end early and cleanly, 0 to 1.
    package var truncateRate = 0.0
    /// The share of answers cut off by a connection that breaks, 0 to 1.
    package var disconnectRate = 0.0
    package var seed: UInt64 = 0
    /// Words per answer; nil lets the seed decide.
    package var tokens: Int?
    /// What `/v1/models` lists. Any model is served.
    package var models = ["gpt-4o", "gpt-4o-mini", "text-embedding-3-small"]
    /// The credential that every request must show as `Authorization: Bearer`; nil asks for none.
    package var key: String?

    package init() {}
}
