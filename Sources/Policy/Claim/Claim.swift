package import Spec

/// What a request asks of every limit and budget it falls under.
package struct Claim: Sendable {
    package let grant: Grant
    package let now: Instant
    /// What the body asks for, by whichever endpoint it came.
    let endpoint: Endpoint
    /// Likely input tokens, of the model that needs the most.
    package let inputTokens: Int64
    /// Output tokens of one choice that the claim covers; pass it on where `outputIsAssumed`.
    package let outputCap: Int64
    /// Output tokens of all answers together.
    package let output: Int64
    /// Whether nothing bounded the output, so that an assumption of policy does.
    package let outputIsAssumed: Bool
    /// Output tokens of one choice that policy allows where the request asks for more or names no bound; pass on no more.
    package let outputMax: Int64?
    /// The dearest that the request can come to with any of its models.
    package let hold: NanoUSD
    /// Models that may serve it by index, those that cannot hold it or have no price left out.
    let targets: [Int32]
    /// Of each of them.
    let needs: [Need]
    let demands: [Demand]

    package var snapshot: Snapshot { grant.caller.snapshot }
    /// When to try the next target.
    package var retry: RoutingPolicy.Retry? {
        grant.requested.flatMap { snapshot.graph.isRoute($0) ? snapshot.graph.route($0).retry : nil }
    }
}

extension Claim {
    init(grant: Grant, now: Instant, endpoint: Endpoint, needs: [Need], demands: [Demand], outputMax: Int64?) {
        self.init(
            grant: grant, now: now, endpoint: endpoint, targets: needs.map(\.model), needs: needs, demands: demands, outputMax: outputMax,
            covering: needs)
    }

    /// The same request, covered for some of its targets only.
    init(narrowing claim: Claim, to kept: [Need]) {
        self.init(
            grant: claim.grant, now: claim.now, endpoint: claim.endpoint, targets: claim.targets, needs: claim.needs, demands: claim.demands,
            outputMax: claim.outputMax, covering: kept)
    }

    private init(
        grant: Grant, now: Instant, endpoint: Endpoint, targets: [Int32], needs: [Need], demands: [Demand], outputMax: Int64?,
        covering kept: [Need]
    ) {
        self.grant = grant
        self.now = now
        self.endpoint = endpoint
        self.targets = targets
        self.needs = needs
        self.demands = demands
        self.outputMax = outputMax
        inputTokens = kept.reduce(0) { max($0, $1.input) }
        outputCap = kept.reduce(0) { max($0, $1.outputCap) }
        output = kept.reduce(0) { max($0, $1.output) }
        outputIsAssumed = kept.contains(where: \.outputIsAssumed)
        hold = NanoUSD(kept.reduce(0) { max($0, $1.money ?? 0) })
    }
}

/// An amount asked of one counter.
struct Demand: Sendable {
    var cell: CellKey
    /// Index of the snapshot's bound.
    var bound: Int32
    /// The most that any of the targets needs which count here.
    var ask: Int64
    /// Which of the claim's targets count here.
    var served: TargetSet
}
