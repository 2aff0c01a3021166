package import Spec

/// The models that fit a wish, best first, and why the others do not.
package struct Recommendation: Sendable {
    package struct Candidate: Sendable {
        package let model: ModelEntry
        /// Of an answer of usual length; nil for a model without prices.
        package let cost: NanoUSD?
        /// Nil before it has answered.
        package let latency: Duration?
        package let isHealthy: Bool
        let score: Double
        /// How much of what the score rests on is known, from 0 to 1.
        let knownShare: Double
    }

    /// Why a model does not fit.
    package enum Objection: Sendable {
        case providerExcluded
        case providerUnavailable
        case suspended
        case inputTooLong
        case costs(NanoUSD?)
        case takes(Duration)
        case quality(Double?)
    }

    package let objective: RoutingWish.Objective
    package let ranked: [Candidate]
    package let excluded: [(model: ModelEntry, objection: Objection)]

    package var best: Candidate? { ranked.first }

    /// How sure the choice is, from 0 to 1: how much of what it rests on is known, and how far it is ahead of the next.
    package var confidence: Double {
        guard let best else { return 0 }
        let lead = ranked.count < 2 || best.score <= 0 ? 1 : (best.score - ranked[1].score) / best.score
        return best.knownShare * (Self.confidenceWithoutLead + (1 - Self.confidenceWithoutLead) * min(1, lead * Self.leadGain))
    }

    /// Of two that are equally good either is a sound choice.
    private static let confidenceWithoutLead = 0.6
    /// A lead of a quarter is as sure as any.
    private static let leadGain = 4.0
}
