/// A model name of the platform's own, and the models that answer for it.
package struct RoutingPolicy: Hashable, Sendable {
    package enum Strategy: String, CaseIterable, Sendable {
        case weighted, priority, cost, latency, quality, balanced
        case leastBusy = "least-busy"
    }

    package var description: String?
    package var strategy: Strategy
    /// What counts how much for `balanced`.
    package var balance: Balance
    package var targets: [Target]
    /// `provider/model`, or the name of another RoutingPolicy, tried in order after the targets.
    package var fallback: [String]
    /// The same, for one reason only, in place of `fallback`.
    package var fallbackOn: [FallbackReason: [String]]
    package var within: Constraints
    package var retry: Retry
    package var breaker: Breaker?
    package var sticky: Sticky?
    package var cache: Cache?
    package var mirror: Mirror?
    /// The name under which its usage is compared with another route's.
    package var experiment: String?
    /// Names of Guardrails.
    package var guardrails: [String]

    package struct Target: Hashable, Sendable {
        package var model: String
        package var weight: Int
        package var when: When
    }

    /// The requests that a target is for; what is not said does not matter.
    package struct When: Hashable, Sendable {
        package var capabilities: [String] = []
        /// In tokens.
        package var inputAbove: Int64?
        package var inputUpTo: Int64?
        package var stream: Bool?
        package var tags: [String: String] = [:]
    }

    package struct Balance: Hashable, Sendable {
        package var cost: Int
        package var latency: Int
        package var quality: Int
    }

    /// What a target must keep, or be, to be chosen.
    package struct Constraints: Hashable, Sendable {
        package var latency: Duration?
        package var cost: NanoUSD?
        package var quality: Quality?
        package var context: Int64?
        package var regions: [String] = []
        package var capabilities: [String] = []
        package var labels: [String: String] = [:]
    }

    package struct Retry: Hashable, Sendable {
        /// Attempts in all, the first included.
        package var attempts: Int
        package var on: [Condition]
        package var backoff: Backoff
        /// The most of all requests that may be tried again, in hundredths of a percent; nil for any.
        package var budget: Int?
    }

    /// The wait before each attempt but the first, which doubles from one to the next.
    package struct Backoff: Hashable, Sendable {
        package var first: Duration
        package var most: Duration
    }

    /// Leaves a target out for a time when it fails.
    package struct Breaker: Hashable, Sendable {
        package var failures: Int
        package var within: Duration
        package var pause: Duration
    }

    /// Keeps whoever asks with the target that answered before.
    package struct Sticky: Hashable, Sendable {
        package var by: StickyKey
        package var ttl: Duration
    }

    package enum StickyKey: Hashable, Sendable {
        case user, key
        case header(String)
    }

    /// Answers a request that was answered before, word for word, from what was kept.
    package struct Cache: Hashable, Sendable {
        package enum Scope: String, CaseIterable, Sendable { case key, project, organization }

        package var ttl: Duration
        package var scope: Scope
    }

    /// A model that gets a share of the requests too, and whose answers nobody waits for.
    package struct Mirror: Hashable, Sendable {
        package var model: String
        /// In hundredths of a percent.
        package var share: Int
    }

    /// Why a request cannot be answered by the model that it went to.
    package enum FallbackReason: String, CaseIterable, Sendable {
        case contextLength = "context-length"
        case contentFilter = "content-filter"
        case rateLimit = "rate-limit"
        case unavailable, budget
    }

    package enum Condition: String, CaseIterable, Sendable {
        case connect, timeout
        case tooManyRequests = "429"
        case serverError = "5xx"
    }
}
