internal import Spec

/// The header by which a server says when to come again (RFC 9110 §10.2.3). A value.
enum RetryAfter {
    /// A number of seconds, or a date such as `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else.
    static func parse(_ text: String, now: Instant) -> Duration? {
        if !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { .seconds($0) }
        }
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: parts[2]), parts[1].utf8.count == 2 else { return nil }
        let number = month + 1
        let date = "\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z"
        guard let moment = try? Instant.parse(date) else { return nil }
        return .milliseconds(max(0, moment.milliseconds - now.milliseconds))
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
