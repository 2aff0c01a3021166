internal import HTTP
internal import Policy

extension Headers {
    /// What every answer with an error carries.
    mutating func addError(_ error: AnswerError, shape: ErrorShape) {
        add("content-type", shape.contentType)
        if error.status == 401 { add("www-authenticate", #"Bearer realm="charter""#) }
        if let isWorthRetrying = error.isWorthRetrying { add("x-should-retry", isWorthRetrying ? "true" : "false") }
        guard let wait = error.retryAfter, error.isWorthRetrying ?? true else { return }
        add("retry-after", decimal: wait.roundedUpSeconds)
        add("retry-after-ms", decimal: Int(wait.roundedMilliseconds))
    }
}

extension Duration {
    var roundedMilliseconds: Int64 {
        max(0, Int64(clamping: attoseconds / 1_000_000_000_000_000))
    }

    var roundedUpSeconds: Int { Int((roundedMilliseconds + 999) / 1000) }

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
