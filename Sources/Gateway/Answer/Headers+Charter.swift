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
        add("retry-after", decimal: Int((milliseconds + 999) / 1000))
        add("retry-after-ms", decimal: Int(milliseconds))
    }

    /// The limits nearest to their ends, in OpenAI's names.
    mutating func addLimits(_ reservation: Reservation) {
        // Whole names, as every answer has them: pieces would be joined again for each.
        if let requests = reservation.requests {
            add("x-ratelimit-limit-requests", decimal: Int(requests.limit))
            add("x-ratelimit-remaining-requests", decimal: max(0, Int(requests.remaining)))
            add("x-ratelimit-reset-requests", requests.reset.compactText)
        }
        if let tokens = reservation.tokens {
            add("x-ratelimit-limit-tokens", decimal: Int(tokens.limit))
            add("x-ratelimit-remaining-tokens", decimal: max(0, Int(tokens.remaining)))
            add("x-ratelimit-reset-tokens", tokens.reset.compactText)
        }
    }
}

extension Duration {
    var roundedMilliseconds: Int64 {
        max(0, Int64(clamping: attoseconds / 1_000_000_000_000_000))
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
