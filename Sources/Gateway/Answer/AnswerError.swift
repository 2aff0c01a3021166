internal import Policy
internal import Spec

/// An error as a client is told it, before it takes the shape of the endpoint that was called.
struct AnswerError: Error {
    var status: Int
    /// OpenAI's `error.type` and `error.code`, which its SDKs act on.
    var type: String
    var code: String
    var message: String
    /// The member of the request at fault.
    var param: String?
    /// Charter's own stable code; differs from `code` only where a client must see a provider's word.
    var charterCode: String
    /// What the disclosure policy lets the client know of the rule.
    var rule: Rule?
    var retryAfter: Duration?
    var resetsAt: Instant?
    var isWorthRetrying: Bool?
    /// How the limits stood, where one of them refused.
    var limits: LimitReport?

    init(_ code: GatewayErrorCode, _ message: String, param: String? = nil, retryAfter: Duration? = nil) {
        status = code.status
        type = code.type
        self.code = code.rawValue
        self.message = message
        self.param = param
        charterCode = code.rawValue
        self.retryAfter = retryAfter ?? code.retryAfter
        isWorthRetrying = code.isWorthRetrying
        discourageLongWaits()
    }

    /// A refusal of who shows this key.
    init(_ refusal: Refusal, to key: KeyDigest, by snapshot: Snapshot) {
        self.init(refusal, disclosure: snapshot.disclosure(to: key))
    }

    /// A refusal by policy. Clients that show only the message still see where the rule stands.
    init(_ refusal: Refusal, disclosure: Repository.Disclosure) {
        status = refusal.code.status
        type = refusal.code.openAIType
        code = refusal.code.openAICode
        charterCode = refusal.code.rawValue
        param = refusal.param
        retryAfter = refusal.retryAfter
        resetsAt = refusal.resetsAt
        rule = refusal.rule?.disclosed(disclosure)
        let sentence = refusal.message.asSentence
        message = rule.map { "\(sentence) \($0.sentence)" } ?? sentence
        isWorthRetrying = refusal.code.isWorthRetrying
        limits = refusal.limits
        discourageLongWaits()
    }

    /// Some SDKs sleep for as long as they are told, be it weeks, and others take so long a time for none at all.
    private mutating func discourageLongWaits() {
        guard let wait = retryAfter, wait > Self.waitMax else { return }
        retryAfter = nil
        isWorthRetrying = false
    }

    /// As long as a limit per minute can make one wait.
    private static let waitMax = Duration.seconds(61)
}

extension AnswerError {
    /// Bodies and answers take as much memory as they may.
    static var noRoom: AnswerError { AnswerError(.overloaded, "The gateway holds as many bytes of bodies as it may.") }
}

extension RefusalCode {
    /// OpenAI's `error.type`, which its SDKs and agents act on.
    var openAIType: String {
        switch self {
        case .budgetExceeded, .quotaExceeded: Self.insufficientQuota
        case .rateLimitExceeded, .concurrencyLimitExceeded, .budgetHeld: "rate_limit_error"
        case .suspended, .scopeDenied, .roleDenied, .networkDenied, .originDenied, .modelNotAllowed, .modelUnpriced: "permission_error"
        case .invalidAPIKey, .keyExpired, .modelNotFound, .contextLengthExceeded: "invalid_request_error"
        }
    }

    /// What is spent for days carries the one code at which agents stop instead of trying again. Clients know one code for a key that
    /// opens nothing, whatever the reason.
    var openAICode: String {
        switch self {
        case .budgetExceeded, .quotaExceeded: Self.insufficientQuota
        case .keyExpired: Self.invalidAPIKey.rawValue
        default: rawValue
        }
    }

    /// What will soon move again may be tried again; everything else is as wrong the second time.
    var isWorthRetrying: Bool {
        switch self {
        case .rateLimitExceeded, .concurrencyLimitExceeded, .budgetHeld: true
        default: false
        }
    }

    private static let insufficientQuota = "insufficient_quota"
}

extension Rule {
    /// Where the rule stands, in words.
    var sentence: String {
        let named = field.isEmpty ? resource.description : "\(resource), \(field.dropFirst().replacingSlashes)"
        guard let origin else { return "Rule: \(named)." }
        if let mark = origin.override {
            let owner = mark.owner.isEmpty ? "" : " by \(mark.owner)"
            let reason = mark.reason.isEmpty ? "" : ": \(mark.reason.printable)"
            return "Rule: \(origin.path) (\(named))\(owner) until \(mark.until.rfc3339)\(reason)."
        }
        let place = "Rule: \(origin.path):\(origin.line):\(origin.column) (\(named))"
        if origin.commit.isEmpty { return place + "." }
        let author = origin.author.isEmpty ? "" : " by \(origin.author)"
        return "\(place), commit \(origin.commit.prefix(Self.shortCommitLength))\(author)."
    }

    private static let shortCommitLength = 10
}

extension Substring {
    /// A JSON pointer's body as a dotted path.
    fileprivate var replacingSlashes: String { String(map { $0 == "/" ? "." : $0 }) }
}

extension String {
    /// With a capital at its beginning and a period at its end.
    fileprivate var asSentence: String {
        let ends = hasSuffix(".") || hasSuffix("?")
        return prefix(1).uppercased() + dropFirst() + (ends ? "" : ".")
    }
}
