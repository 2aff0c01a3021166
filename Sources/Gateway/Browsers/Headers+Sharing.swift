internal import HTTP
internal import Policy

/// What answers say to browsers, so that scripts of pages of another origin may read them (the FETCH standard, "CORS protocol").
extension Headers {
    /// The fields of every answer to a request of these pages. Credentials of the browser's own, such as cookies, are never
    /// asked for: a key is sent by the script.
    static func sharing(with origin: WebOrigin) -> Headers {
        var headers = Headers()
        headers.add("access-control-allow-origin", origin.text)
        headers.add("access-control-expose-headers", exposed)
        headers.add("vary", "Origin")
        return headers
    }

    /// The field of an answer that other pages would be given another of: a cache that does not know so gives what was withheld from
    /// one page to all.
    static let varyingByOrigin: Headers = ["vary": "Origin"]

    /// Every field of the gateway's answers that scripts may not read without being told so.
    private static let exposed = [
        "x-request-id", "x-charter-decision", "x-charter-revision", "x-charter-model", "x-charter-attempts", "x-charter-cost-usd",
        "x-charter-overhead-ms", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
        "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens", "ratelimit", "ratelimit-policy",
        "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-period", "retry-after", "retry-after-ms",
        "x-should-retry", "traceparent", "www-authenticate", "allow", "date",
    ].joined(separator: ", ")
}
