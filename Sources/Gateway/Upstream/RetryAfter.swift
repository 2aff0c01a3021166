internal import HTTP

/// When a provider wants to be asked again.
enum RetryAfter {
    /// Longer than a day nobody waits.
    private static let millisecondsMax: Int64 = 86_400_000

    /// By `retry-after-ms`, which some send beside the standard field, or by `retry-after` in seconds, which may have a fraction; nil where neither can be
    /// read. Dates are not: they depend on two clocks.
    static func read(_ headers: Headers) -> Duration? {
        if let milliseconds = headers["retry-after-ms"].flatMap(Int64.init) { return bounded(milliseconds) }
        guard let text = headers["retry-after"], text.utf8.allSatisfy(isOfNumber), let seconds = Double(text) else { return nil }
        return bounded(Int64(min(max(0, seconds * 1000), Double(millisecondsMax))))
    }

    /// What `Double` takes beside these is no number of seconds: infinity, exponents, hexadecimal digits.
    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func bounded(_ milliseconds: Int64) -> Duration { .milliseconds(min(max(0, milliseconds), millisecondsMax)) }
}
