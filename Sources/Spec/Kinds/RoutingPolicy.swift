/// A model name of the platform's own, and the models that answer for it.
package struct RoutingPolicy: Hashable, Sendable {
    package enum Strategy: String, CaseIterable, Sendable {
        case weighted, priority, cost, latency, quality, balanced
        case leastBusy = "least-busy"
    }

    package var strategy: Strategy
    package var targets: [Target]
    /// `provider/model` names tried in order after the targets.
    package var fallback: [String]
    package var within: Constraints
    package var retry: Retry

    package struct Target: Hashable, Sendable {
        package var model: String
        package var weight: Int
    }

    package struct Constraints: Hashable, Sendable {
        package var latency: Duration?
        package var cost: NanoUSD?
    }

    package struct Retry: Hashable, Sendable {
        /// Attempts in all, the first included.
        package var attempts: Int
        package var on: [Condition]
    }

    package enum Condition: String, CaseIterable, Sendable {
        case connect, timeout
        case tooManyRequests = "429"
        case serverError = "5xx"
    }
}
