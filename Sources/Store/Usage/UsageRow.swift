package import Spec

/// One attempt at one request, as the ledger keeps it.
package struct UsageRow: Hashable, Sendable {
    /// When it was admitted; decides the partition, and the windows that pay for it.
    package var at: Instant
    /// Whom it is booked to, and what was called at which prices.
    package var terms: UsageTerms
    /// Names the request.
    package var decision: String
    /// Counts from 1 within the request.
    package var attempt: Int
    package var status: Int
    package var input: Int64
    package var output: Int64
    package var cacheRead: Int64
    package var cacheWrite: Int64
    package var reasoning: Int64
    package var otherMeters: [String: Int64]
    /// What token limits and budgets count.
    package var tokens: Int64
    /// What request limits count: 1 on the last attempt of a request, 0 on the others.
    package var requests: Int64
    package var cost: NanoUSD
    /// Whether the provider never told the true usage.
    package var estimated: Bool
    package var flags: UsageFlags
    package var latencyMs: Int64
    package var firstByteMs: Int64?
    /// The decision record: compact JSON.
    package var detail: String

    /// `tokens` is input and output unless told otherwise, and `requests` is 1 for the first attempt.
    package init(
        at: Instant, terms: UsageTerms, decision: String, attempt: Int, status: Int, input: Int64 = 0, output: Int64 = 0,
        cacheRead: Int64 = 0, cacheWrite: Int64 = 0, reasoning: Int64 = 0, otherMeters: [String: Int64] = [:],
        tokens: Int64? = nil, requests: Int64? = nil, cost: NanoUSD, estimated: Bool, flags: UsageFlags = [],
        latencyMs: Int64, firstByteMs: Int64? = nil, detail: String
    ) {
        self.at = at
        self.terms = terms
        self.decision = decision
        self.attempt = attempt
        self.status = status
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
        self.otherMeters = otherMeters
        self.tokens = tokens ?? input + output
        self.requests = requests ?? (attempt <= 1 ? 1 : 0)
        self.cost = cost
        self.estimated = estimated
        self.flags = flags
        self.latencyMs = latencyMs
        self.firstByteMs = firstByteMs
        self.detail = detail
    }

    /// Whether it only corrects the cost of another row.
    package var isCorrection: Bool { flags.contains(.repriced) }
}
