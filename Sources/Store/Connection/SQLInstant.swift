package import Spec

/// How moments cross into PostgreSQL's `timestamptz` and back without a session's time zone having a say.
package enum SQLInstant {
    /// `2026-11-21T05:58:00.123Z`, read alike under every `DateStyle`.
    package static func text(_ instant: Instant) -> String {
        var bytes: [UInt8] = []
        append(instant, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ instant: Instant, to bytes: inout [UInt8]) {
        let date = CivilDate(instant)
        let inDay = instant.milliseconds - date.daysSince1970 * CivilDate.millisecondsPerDay
        let (seconds, fraction) = inDay.quotientAndRemainder(dividingBy: 1000)
        func put(_ value: Int64, width: Int, then mark: Unicode.Scalar) {
            DecimalText.append(value, width: width, to: &bytes)
            bytes.append(UInt8(ascii: mark))
        }
        put(date.year, width: 4, then: "-")
        put(date.month, width: 2, then: "-")
        put(date.day, width: 2, then: "T")
        put(seconds / 3600, width: 2, then: ":")
        put(seconds / 60 % 60, width: 2, then: ":")
        put(seconds % 60, width: 2, then: ".")
        put(fraction, width: 3, then: "Z")
    }

    /// The expression that selects a `timestamptz` column as milliseconds since 1970.
    package static func milliseconds(_ column: String) -> String {
        "(extract(epoch FROM \(column)) * 1000)::bigint"
    }
}
