internal import Spec

/// What the decisions of a form have in common. It tells decisions of one snapshot apart, and keeps none alive.
package struct DecisionFormKey: Hashable, Sendable {
    private let key: Int32
    private let secret: Int16
    private let endpoint: Endpoint
    private let requested: NameEntry?
    private let targets: [Int32]
    private let order: [Int]
    private let facts: RouteFacts
    /// By their indexes.
    private let bounds: [Int32]
    private let attempts: [Tried]
    private let traceZeros: TraceID.LeadingZeros?

    private struct Tried: Hashable {
        var target: String
        var priceVersion: String
        var outcome: Attempt.Outcome
    }

    /// Nil where a permitted model cannot serve the request: why depends on the time, the input and what was spent, and is told
    /// in words.
    init?(_ admission: Admission, _ attempts: [Attempt], _ trace: TraceID?) {
        let grant = admission.claim.grant
        guard admission.claim.targets == grant.targets, admission.reservation.leftOut.isEmpty else { return nil }
        key = grant.caller.key
        secret = grant.caller.secret.ordinal
        endpoint = grant.endpoint
        requested = grant.requested
        targets = grant.targets
        order = admission.order.map(\.model.index)
        facts = admission.facts
        bounds = admission.reservation.holds.map(\.bound)
        traceZeros = trace?.leadingZeros
        self.attempts = attempts.map { Tried(target: $0.target, priceVersion: $0.priceVersion, outcome: $0.outcome) }
    }
}
