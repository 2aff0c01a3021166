internal import HTTP

/// When a provider wants to be asked again.
enum RetryAfter {
    /// Longer than a day nobody waits.
    private static let millisecondsMax: Int64 = 86_400_000

    /// By `retry-after-ms`, which some send beside the standard field, or by `retry-after` in seconds; nil where neither can be
    /// read. Dates are not: they depend on two clocks.
    static func read(_ headers: Headers) -> Duration? {
        if let milliseconds = headers["retry-after-ms"].flatMap(Int64.init) { return bounded(milliseconds) }
        guard let seconds = headers["retry-after"].flatMap(Int64.init) else { return nil }
        return bounded(seconds > millisecondsMax / 1000 ? millisecondsMax : max(0, seconds) * 1000)
    }

    private static func bounded(_ milliseconds: Int64) -> Duration { .milliseconds(min(max(0, milliseconds), millisecondsMax)) }
}
