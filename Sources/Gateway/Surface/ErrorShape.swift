internal import HTTP
internal import Policy
internal import Spec

/// The shape in which an endpoint family tells errors.
enum ErrorShape {
    /// `{"error":{"message","type","param","code"}}`
    case openAI
    /// RFC 9457.
    case problem
    /// `{"detail"}`, as FastAPI tells errors.
    case detail
    /// `{"error","message","code","details","timestamp","requestId"}`, its code in capitals.
    case coded

    var contentType: String {
        switch self {
        case .openAI, .detail, .coded: "application/json"
        case .problem: "application/problem+json"
        }
    }

    /// An error as the last event of a stream. All SDKs of this interface look for `error` in the data of an event, whatever the
    /// shape of its other errors, and take a stream without `[DONE]` for broken off.
    func event(_ error: AnswerError, _ identity: AnswerIdentity) -> [UInt8] {
        Array("data: ".utf8) + Self.openAI.body(error, identity) + Array("\n\n".utf8)
    }

    func body(_ error: AnswerError, _ identity: AnswerIdentity) -> [UInt8] {
        var writer = JSONWriter(capacity: 768)
        writer.beginObject()
        switch self {
        case .openAI:
            writer.name("error")
            writer.beginObject()
            writer.error(error, identity)
            writer.endObject()
        case .problem: writer.problem(error, identity)
        case .detail: writer.detail(error, identity)
        case .coded: writer.coded(error, identity)
        }
        writer.endObject()
        return writer.bytes
    }
}

/// The members of each shape, and ours under one name in all of them.
extension JSONWriter {
    /// OpenAI's four members, always.
    fileprivate mutating func error(_ error: AnswerError, _ identity: AnswerIdentity) {
        member("message", error.message)
        member("type", error.type)
        name("param")
        if let param = error.param { string(param) } else { null() }
        member("code", error.code)
        charter(error, identity)
    }

    fileprivate mutating func problem(_ error: AnswerError, _ identity: AnswerIdentity) {
        member("type", "urn:charter:error:\(error.charterCode)")
        member("title", error.charterCode.replacingUnderscores)
        member("status", error.status)
        member("detail", error.message)
        if let decision = identity.decision { member("instance", "urn:charter:decision:\(decision)") }
        member("code", error.charterCode)
        if let param = error.param { member("param", param) }
        charter(error, identity)
    }

    fileprivate mutating func detail(_ error: AnswerError, _ identity: AnswerIdentity) {
        member("detail", error.message)
        if let param = error.param { member("param", param) }
        charter(error, identity)
    }

    fileprivate mutating func coded(_ error: AnswerError, _ identity: AnswerIdentity) {
        member("error", error.charterCode.replacingUnderscores.asTitle)
        member("message", error.message)
        member("code", error.codeInCapitals)
        if error.status == 429 {
            if let limit = error.limits?.requests { member("remainingRequests", max(0, limit.remaining)) }
            if let resetsAt = error.resetsAt { member("rateLimitReset", resetsAt.rfc3339) }
        }
        name("details")
        beginObject()
        if let param = error.param { member("param", param) }
        charter(error, identity)
        endObject()
        member("timestamp", identity.at.rfc3339)
        member("requestId", identity.requestID)
    }

    private mutating func charter(_ error: AnswerError, _ identity: AnswerIdentity) {
        name("charter")
        beginObject()
        member("code", error.charterCode)
        if let decision = identity.decision { member("decision", decision) }
        if let instant = error.resetsAt { member("resets_at", instant.rfc3339) }
        if let rule = error.rule {
            name("rule")
            self.rule(rule)
        }
        endObject()
    }

    private mutating func override(_ mark: OverrideMark) {
        name("override")
        beginObject()
        member("id", mark.uid)
        member("until", mark.until.rfc3339)
        if !mark.owner.isEmpty { member("owner", mark.owner) }
        if !mark.reason.isEmpty { member("reason", mark.reason) }
        endObject()
    }

    private mutating func rule(_ rule: Rule) {
        beginObject()
        member("resource", rule.resource.description)
        member("field", rule.field)
        if let origin = rule.origin {
            member("path", origin.path)
            if let mark = origin.override {
                override(mark)
            } else {
                member("line", origin.line)
                member("column", origin.column)
            }
            if !origin.commit.isEmpty { member("commit", origin.commit) }
            if !origin.author.isEmpty { member("author", origin.author) }
        }
        endObject()
    }
}

extension AnswerError {
    /// The words of the family of `/v1/ml`; what has none there keeps its own.
    fileprivate var codeInCapitals: String {
        if status == 401 { return "AUTHENTICATION_FAILED" }
        switch RefusalCode(rawValue: charterCode) {
        case .suspended?: return "APP_SUSPENDED"
        case .scopeDenied?: return "FEATURE_NOT_AVAILABLE"
        case .rateLimitExceeded?, .concurrencyLimitExceeded?, .budgetHeld?: return "RATE_LIMIT_EXCEEDED"
        case .quotaExceeded?, .budgetExceeded?: return "QUOTA_EXCEEDED"
        default: break
        }
        switch status {
        case 400, 413, 422: return "VALIDATION_ERROR"
        case 500: return "INTERNAL_ERROR"
        case 502...504: return "ML_ROUTING_FAILED"
        default: return charterCode.uppercased()
        }
    }
}

extension String {
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }

    /// With a capital at the beginning of each word.
    fileprivate var asTitle: String {
        split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}
