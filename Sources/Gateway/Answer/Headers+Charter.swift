internal import HTTP
internal import Policy

extension Headers {
    /// What every answer with an error carries.
    mutating func addError(_ error: AnswerError, shape: ErrorShape) {
        add("content-type", shape.contentType)
        if error.status == 401 { add("www-authenticate", #"Bearer realm="charter""#) }
        if let isWorthRetrying = error.isWorthRetrying { add("x-should-retry", isWorthRetrying ? "true" : "false") }
        // A budget's window may end in weeks: clients that wait for such a header would sleep until then.
        guard let wait = error.retryAfter, error.isWorthRetrying ?? true else { return }
        let milliseconds = wait.roundedMilliseconds
        add("retry-after", String((milliseconds + 999) / 1000))
        add("retry-after-ms", String(milliseconds))
    }

    /// The limits nearest to their ends, in OpenAI's names.
    mutating func addLimits(_ reservation: Reservation) {
        if let requests = reservation.requests { addLimit(requests, of: "requests") }
        if let tokens = reservation.tokens { addLimit(tokens, of: "tokens") }
    }

    private mutating func addLimit(_ status: LimitStatus, of what: String) {
        add("x-ratelimit-limit-\(what)", String(status.limit))
        add("x-ratelimit-remaining-\(what)", String(max(0, status.remaining)))
        add("x-ratelimit-reset-\(what)", status.reset.compactText)
    }
}

extension Duration {
    var roundedMilliseconds: Int64 {
        max(0, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }

    /// As OpenAI writes resets: `12ms`, `1s`, `6m0s`, `2h0m0s`.
    var compactText: String {
        let milliseconds = roundedMilliseconds
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let seconds = (milliseconds + 999) / 1000
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3600 { return "\(seconds / 60)m\(seconds % 60)s" }
        return "\(seconds / 3600)h\(seconds / 60 % 60)m\(seconds % 60)s"
    }
}
