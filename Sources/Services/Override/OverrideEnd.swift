internal import Glibc
package import Policy
package import Spec
internal import Store

/// When an override is to end by itself.
package enum OverrideEnd: Hashable, Sendable {
    /// So long after it is set.
    case after(Duration)
    case at(Instant)

    /// Reads `2h`, `18:00` (the next one, in the zone of this process) or `2026-11-22T18:00:00Z`; `now` is this machine's.
    package init(_ text: String, now: Instant) throws(RequestRefusal) {
        if let length = Self.length(text) {
            self = .after(length)
        } else if let moment = Self.nextClock(text, now) {
            self = .at(moment)
        } else if text.contains("-"), let moment = try? Instant.parse(text) {
            self = .at(moment)
        } else {
            throw RequestRefusal("`\(text.printable)` is no end", .misworded, hint: "write 2h, 18:00 or 2026-11-22T18:00:00Z")
        }
    }

    /// By the database's clock; throws where that has passed, or is farther away than an override may last.
    func moment(from now: Instant) throws(RequestRefusal) -> Instant {
        let end =
            switch self {
            case .after(let length): Instant(milliseconds: now.milliseconds + length.wholeMilliseconds)
            case .at(let moment): moment
            }
        guard end > now else { throw RequestRefusal("\(end.iso8601) is over already", .misworded) }
        guard end.milliseconds - now.milliseconds <= Override.lifetimeMax.wholeMilliseconds else {
            throw RequestRefusal("an override lasts 7 days at most", .misworded, hint: "what is wanted for longer is committed")
        }
        return end
    }

    private static func length(_ text: String) -> Duration? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard let count = Int64(digits), (1...1_000_000).contains(count) else { return nil }
        switch text.dropFirst(digits.count) {
        case "s": return .seconds(count)
        case "m", "min": return .seconds(count * 60)
        case "h": return .seconds(count * 3_600)
        case "d": return .seconds(count * 86_400)
        default: return nil
        }
    }

    /// Nil where the text is no time of day.
    private static func nextClock(_ text: String, _ now: Instant) -> Instant? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isNumber) }), let hour = Int32(parts[0]),
            let minute = Int32(parts[1]), hour < 24, minute < 60
        else { return nil }
        var seconds = time_t(now.milliseconds / 1_000)
        var day = tm()
        guard localtime_r(&seconds, &day) != nil else { return nil }
        (day.tm_hour, day.tm_min, day.tm_sec, day.tm_isdst) = (hour, minute, 0, -1)
        var moment = mktime(&day)
        if moment <= seconds {
            // Not a day of seconds later, as some days have fewer hours (mktime(3) puts the date right).
            day.tm_mday += 1
            (day.tm_hour, day.tm_min, day.tm_isdst) = (hour, minute, -1)
            moment = mktime(&day)
        }
        return moment == -1 ? nil : Instant(milliseconds: Int64(moment) * 1_000)
    }
}
