/// Stable codes of refusals that no declared rule decides; `docs/ERRORS.md` explains each.
package enum GatewayErrorCode: String, CaseIterable, Sendable {
    case missingAPIKey = "missing_api_key"
    case adminTokenRefused = "admin_token_refused"
    case tooManyUnknownKeys = "too_many_unknown_keys"
    case conflictingCredentials = "conflicting_credentials"
    case malformedCredentials = "malformed_credentials"
    case invalidJSON = "invalid_json"
    case invalidBody = "invalid_request_body"
    case missingParameter = "missing_parameter"
    case invalidParameter = "invalid_parameter"
    case badRequest = "bad_request"
    case requestTimeout = "request_timeout"
    case requestTooLarge = "request_too_large"
    case targetTooLong = "target_too_long"
    case headTooLarge = "headers_too_large"
    case unknownPath = "unknown_path"
    case methodNotAllowed = "method_not_allowed"
    case expectationFailed = "expectation_failed"
    case misdirected = "misdirected_request"
    case notImplemented = "not_implemented"
    case httpVersion = "http_version_not_supported"
    case stateUnavailable = "state_unavailable"
    case journalUnavailable = "journal_unavailable"
    case overloaded = "overloaded"
    case providerUnavailable = "provider_unavailable"
    case noModelFits = "no_model_fits"
    case providerRefused = "provider_refused"
    case upstreamError = "upstream_error"
    case upstreamConnectTimeout = "upstream_connect_timeout"
    case upstreamFirstByteTimeout = "upstream_first_byte_timeout"
    case upstreamIdleTimeout = "upstream_idle_timeout"
    case upstreamTotalTimeout = "upstream_total_timeout"
    case upstreamBusy = "upstream_busy"
    case upstreamRateLimited = "upstream_rate_limited"
    case upstreamIncomplete = "upstream_incomplete"
    case internalError = "internal_error"

    package var status: Int {
        switch self {
        case .missingAPIKey, .adminTokenRefused: 401
        case .conflictingCredentials, .malformedCredentials, .invalidJSON, .invalidBody, .missingParameter, .invalidParameter, .badRequest,
            .providerRefused, .noModelFits: 400
        case .requestTimeout: 408
        case .requestTooLarge: 413
        case .targetTooLong: 414
        case .headTooLarge: 431
        case .unknownPath: 404
        case .methodNotAllowed: 405
        case .expectationFailed: 417
        case .misdirected: 421
        case .notImplemented: 501
        case .httpVersion: 505
        case .stateUnavailable, .journalUnavailable, .overloaded, .providerUnavailable, .upstreamBusy: 503
        case .upstreamError, .upstreamIncomplete: 502
        case .upstreamConnectTimeout, .upstreamFirstByteTimeout, .upstreamIdleTimeout, .upstreamTotalTimeout: 504
        case .tooManyUnknownKeys, .upstreamRateLimited: 429
        case .internalError: 500
        }
    }

    /// The `type` of OpenAI's error object.
    package var type: String {
        switch status {
        case 429: "rate_limit_error"
        // What the client sent is at fault, not what the gateway did with it.
        case 501, 505: "invalid_request_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// What `x-should-retry` says; nil leaves it to the status.
    var isWorthRetrying: Bool? {
        switch self {
        case .missingAPIKey, .adminTokenRefused, .tooManyUnknownKeys, .conflictingCredentials, .malformedCredentials, .unknownPath, .methodNotAllowed, .expectationFailed,
            .notImplemented, .httpVersion: false
        case .stateUnavailable, .journalUnavailable, .overloaded, .upstreamBusy: true
        // The gateway itself has tried what the route allows.
        case .upstreamError, .upstreamConnectTimeout, .upstreamFirstByteTimeout, .upstreamIdleTimeout, .upstreamTotalTimeout,
            .providerUnavailable: false
        default: nil
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .stateUnavailable, .overloaded, .upstreamBusy: .seconds(1)
        case .journalUnavailable: .seconds(2)
        default: nil
        }
    }
}
