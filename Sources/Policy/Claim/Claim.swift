package import Spec

/// What a request asks of every limit and budget it falls under.
package struct Claim: Sendable {
    package let grant: Grant
    package let now: Instant
    /// Likely input tokens, of the model that needs the most.
    package let inputTokens: Int64
    /// Output tokens of one choice that the claim covers; pass it on where `outputIsAssumed`.
    package let outputCap: Int64
    /// Output tokens of all answers together.
    package let output: Int64
    /// Whether nothing bounded the output, so that an assumption of policy does.
    package let outputIsAssumed: Bool
    /// The dearest that the request can come to with any of its models.
    package let hold: NanoUSD
    /// Models that may serve it by index, those that cannot hold it or have no price left out.
    let targets: [Int32]
    let demands: [Demand]

    package var snapshot: Snapshot { grant.caller.snapshot }
    /// When to try the next target.
    package var retry: RoutingPolicy.Retry? {
        grant.requested.flatMap { snapshot.graph.isRoute($0) ? snapshot.graph.route($0).retry : nil }
    }
}

/// An amount asked of one counter.
struct Demand: Sendable {
    var cell: CellKey
    /// Index of the snapshot's bound.
    var bound: Int32
    var ask: Int64
    /// Which positions of the claim's targets count here, one bit each.
    var served: UInt64

    static let servedByAny = UInt64.max
}
