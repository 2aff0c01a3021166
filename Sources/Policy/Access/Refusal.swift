package import Spec

/// Why a request is not served, and by which rule.
package struct Refusal: Error, Sendable {
    package var code: RefusalCode
    /// One sentence for the client, without places or names of others.
    package var message: String
    package var rule: Rule?
    /// The earliest time at which the same request can succeed if nothing else happens; nil where waiting does not help
    /// or its end is not known.
    package var retryAfter: Duration?
    /// The member of the request's body at fault.
    package var param: String?
    package var resetsAt: Instant?
    /// How the limits stood, where one of them, or a budget, refused.
    package var limits: LimitReport?

    package init(
        _ code: RefusalCode, _ message: String, rule: Rule? = nil, retryAfter: Duration? = nil, param: String? = nil,
        resetsAt: Instant? = nil
    ) {
        self.code = code
        self.message = message
        self.rule = rule
        self.retryAfter = retryAfter
        self.param = param
        self.resetsAt = resetsAt
    }
}

/// Stable names of refusals; key tests and clients rely on them.
package enum RefusalCode: String, CaseIterable, Sendable {
    case invalidAPIKey = "invalid_api_key"
    case keyExpired = "key_expired"
    case suspended
    case scopeDenied = "scope_denied"
    case roleDenied = "role_denied"
    case networkDenied = "network_denied"
    case originDenied = "origin_denied"
    case modelNotAllowed = "model_not_allowed"
    case modelNotFound = "model_not_found"
    case modelUnpriced = "model_unpriced"
    case contextLengthExceeded = "context_length_exceeded"
    case rateLimitExceeded = "rate_limit_exceeded"
    case concurrencyLimitExceeded = "concurrency_limit_exceeded"
    case quotaExceeded = "quota_exceeded"
    case budgetHeld = "budget_held"
    case budgetExceeded = "budget_exceeded"

    /// The HTTP status that says it.
    package var status: Int {
        switch self {
        case .invalidAPIKey, .keyExpired: 401
        case .suspended, .scopeDenied, .roleDenied, .networkDenied, .originDenied, .modelNotAllowed, .modelUnpriced: 403
        case .modelNotFound: 404
        case .contextLengthExceeded: 400
        case .rateLimitExceeded, .concurrencyLimitExceeded, .quotaExceeded, .budgetHeld, .budgetExceeded: 429
        }
    }
}
