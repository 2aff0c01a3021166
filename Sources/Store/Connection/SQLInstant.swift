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

/// A day of the proleptic Gregorian calendar in UTC.
struct CivilDate: Hashable, Sendable {
    var year: Int64
    var month: Int64
    var day: Int64

    static let millisecondsPerDay: Int64 = 86_400_000

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Counts in eras of 400 years that begin on 1 March (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    init(_ instant: Instant) {
        let days = Self.floorDivide(instant.milliseconds, Self.millisecondsPerDay) + Self.daysFromEraTo1970
        let era = Self.floorDivide(days, Self.daysPerEra)
        let dayOfEra = days - era * Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = Self.floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysPerEra + dayOfEra - Self.daysFromEraTo1970
    }

    /// Midnight in UTC.
    var start: Instant { Instant(milliseconds: daysSince1970 * Self.millisecondsPerDay) }

    private static let daysPerEra: Int64 = 146_097
    private static let daysFromEraTo1970: Int64 = 719_468

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
