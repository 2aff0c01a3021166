internal import HTTP
internal import Policy
internal import Spec

/// A request as its spans tell it: one for the gateway's part, and one for each attempt. Nothing of what was asked or answered
/// is in it, and nothing that opens anything. Times are nanoseconds since 1970.
struct TracedRequest: Sendable {
    let trace: TraceContext
    /// What the client's `tracestate` says.
    let traceState: String
    let decision: String
    let path: String
    let isSecure: Bool
    var operation: String
    let startedAt: Int64
    var endedAt: Int64 = 0
    /// Of the answer; 0 where the client left before there was one.
    var status = 0
    /// As the client named it, where the rules know it; other names could hold anything.
    var model: String?
    var isStream = false
    var revision = ""
    /// Whose key it was; nil where nobody has it.
    var account: CallerIdentity?
    var error: TracedError?
    var attempts: [TracedAttempt] = []

    var spanCount: Int { 1 + attempts.count }
}

/// An error that the client was told.
struct TracedError: Sendable {
    var code: String
    var status: Int
    /// The place of the rule, as far as the disclosure policy lets clients know it.
    var rule: String?
}

struct TracedAttempt: Sendable {
    let number: Int
    let operation: String
    let model: ExportedModel
    /// `provider/name`.
    let qualifiedName: String
    let origin: Origin
    let isStream: Bool
    let startedAt: Int64
    var endedAt: Int64 = 0
    /// Of the provider's answer; 0 where none came.
    var status = 0
    /// Nil before the first piece of a stream.
    var firstChunkAt: Int64?
    var answeredModel: String?
    var usage = Usage()
    var cost = NanoUSD.zero
    var isEstimated = false
    var ended = Ending.complete
}
