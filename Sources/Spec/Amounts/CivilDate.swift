/// A date of the proleptic Gregorian calendar in UTC.
package struct CivilDate: Hashable, Sendable {
    package var year: Int64
    /// 1 to 12.
    package var month: Int64
    /// 1 to 31.
    package var day: Int64

    package static let millisecondsPerDay: Int64 = 86_400_000

    package init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date on which a moment falls.
    package init(_ instant: Instant) {
        self.init(daysSince1970: instant.milliseconds.dividedDown(by: Self.millisecondsPerDay))
    }

    /// Counts in eras of 400 years that begin on 1 March (Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", `civil_from_days`).
    package init(daysSince1970 days: Int64) {
        let shifted = days + Self.daysFromEraTo1970
        let era = shifted.dividedDown(by: Self.daysPerEra)
        let dayOfEra = shifted - era * Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The same source, `days_from_civil`.
    package var daysSince1970: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.dividedDown(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - Self.daysFromEraTo1970
    }

    /// Midnight in UTC.
    package var start: Instant { Instant(milliseconds: daysSince1970 * Self.millisecondsPerDay) }

    var daysInMonth: Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return switch month {
        case 2: isLeap ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static let daysPerEra: Int64 = 146_097
    private static let daysFromEraTo1970: Int64 = 719_468
}

extension CivilDate: CustomStringConvertible {
    /// `2026-11-21`.
    package var description: String {
        [(year, 4), (month, 2), (day, 2)].map { String($0).leftPadded(to: $1) }.joined(separator: "-")
    }
}

extension Int64 {
    /// Division that rounds towards negative infinity, for times before 1970.
    package func dividedDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
