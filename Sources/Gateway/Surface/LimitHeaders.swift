internal import HTTP
internal import Policy
internal import Spec

/// The names under which an answer tells how much of its limits is left.
enum LimitHeaders {
    /// OpenAI's, for requests and for tokens, and the fields of the IETF's draft-ietf-httpapi-ratelimit-headers-10.
    case standard
    /// `X-RateLimit-Limit`, `-Remaining`, `-Reset` in seconds since 1970, and `-Period`, for requests, or else for tokens.
    case period
}

extension Headers {
    /// The limits nearest to their ends, if there are any.
    mutating func add(_ limits: LimitReport, as names: LimitHeaders, now: Instant) {
        switch names {
        case .standard:
            addOpenAI(limits)
            addDraft(limits)
        case .period:
            if let limit = limits.requests ?? limits.tokens { addPeriod(limit, now: now) }
        }
    }

    private mutating func addOpenAI(_ limits: LimitReport) {
        // Whole names, as every answer has them: pieces would be joined again for each.
        if let requests = limits.requests {
            add("x-ratelimit-limit-requests", decimal: Int(requests.limit))
            add("x-ratelimit-remaining-requests", decimal: requests.shownRemaining)
            if let reset = requests.reset { add("x-ratelimit-reset-requests", reset.compactText) }
        }
        if let tokens = limits.tokens {
            add("x-ratelimit-limit-tokens", decimal: Int(tokens.limit))
            add("x-ratelimit-remaining-tokens", decimal: tokens.shownRemaining)
            if let reset = tokens.reset { add("x-ratelimit-reset-tokens", reset.compactText) }
        }
    }

    /// Lists of RFC 9651, an item for each limit.
    private mutating func addDraft(_ limits: LimitReport) {
        guard limits.requests != nil || limits.tokens != nil else { return }
        add("ratelimit-policy") { value in
            value.list(limits) { value, limit, unit in
                value.name(limit, unit)
                value.append(";q=")
                value.append(decimal: min(Int(limit.limit), Self.integerMax))
                if let seconds = limit.window.seconds {
                    value.append(";w=")
                    value.append(decimal: seconds)
                }
                if unit == .tokens { value.append(#";qu="tokens""#) }
            }
        }
        add("ratelimit") { value in
            value.list(limits) { value, limit, unit in
                value.name(limit, unit)
                value.append(";r=")
                value.append(decimal: min(limit.shownRemaining, Self.integerMax))
                if let reset = limit.reset {
                    value.append(";t=")
                    value.append(decimal: reset.roundedUpSeconds)
                }
            }
        }
    }

    private mutating func addPeriod(_ limit: LimitStatus, now: Instant) {
        add("x-ratelimit-limit", decimal: Int(limit.limit))
        add("x-ratelimit-remaining", decimal: limit.shownRemaining)
        if let reset = limit.reset {
            add("x-ratelimit-reset", decimal: Int((now.milliseconds + reset.roundedMilliseconds + 999) / 1000))
        }
        add("x-ratelimit-period", limit.window.rawValue)
    }

    /// RFC 9651 §3.3.1: fifteen digits.
    private static let integerMax = 999_999_999_999_999
}

extension LimitStatus {
    fileprivate var shownRemaining: Int { max(0, Int(remaining)) }
}

private enum LimitUnit { case requests, tokens }

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    fileprivate mutating func list(
        _ limits: LimitReport, _ item: (inout [UInt8], LimitStatus, LimitUnit) -> Void
    ) {
        if let requests = limits.requests { item(&self, requests, .requests) }
        guard let tokens = limits.tokens else { return }
        if limits.requests != nil { append(", ") }
        item(&self, tokens, .tokens)
    }

    /// The same for the same rule in every answer: `"requests/minute"`.
    fileprivate mutating func name(_ limit: LimitStatus, _ unit: LimitUnit) {
        append(unit == .requests ? "\"requests/" : "\"tokens/")
        append(limit.window.name)
        append("\"")
    }
}

extension Window {
    /// A literal, as every answer has it.
    fileprivate var name: StaticString {
        switch self {
        case .second: "second"
        case .minute: "minute"
        case .hour: "hour"
        case .day: "day"
        case .week: "week"
        case .month: "month"
        case .year: "year"
        case .total: "total"
        }
    }

    /// Nil where it is not always as long.
    fileprivate var seconds: Int? {
        switch self {
        case .second: 1
        case .minute: 60
        case .hour: 3_600
        case .day: 86_400
        case .week: 604_800
        case .month, .year, .total: nil
        }
    }
}
