/// Endpoints that take requests and answer them in one manner. `docs/API.md` holds the table, and a test holds the two together.
enum EndpointFamily: CaseIterable {
    /// OpenAI's own paths.
    case openAI
    /// `/v1/inference`.
    case inference
    /// `/api/v1/…`.
    case platform
    /// `/generate`.
    case generate
    /// `/v1/ml/…`.
    case routing
    /// Pages for those who run the gateway, and paths where nothing is.
    case operations

    /// By a path as it came, also one where nothing is.
    init(path: String) {
        if path == "/v1/inference" {
            self = .inference
        } else if path == "/generate" {
            self = .generate
        } else if path.hasPrefix("/v1/ml/") {
            self = .routing
        } else if path.hasPrefix("/v1/") {
            self = .openAI
        } else if path.hasPrefix("/api/v1/") {
            self = .platform
        } else {
            self = .operations
        }
    }

    var errorShape: ErrorShape {
        switch self {
        case .openAI, .platform, .operations: .openAI
        case .inference: .problem
        case .generate: .detail
        case .routing: .coded
        }
    }

    /// How the rest of a limit is told.
    var limitHeaders: LimitHeaders {
        switch self {
        case .openAI, .inference, .operations: .standard
        case .platform, .generate, .routing: .period
        }
    }

    /// The most bytes of a request's body, where that is less than what the gateway takes at all.
    var bodyBytesMax: Int? { self == .inference ? Self.inferenceBodyBytesMax : nil }

    /// Whether applications call it, and so scripts of web pages may.
    var isForApplications: Bool { self != .operations }

    /// Promised to those who moved here with their clients.
    private static let inferenceBodyBytesMax = 64 * 1024
}
