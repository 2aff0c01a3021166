extension Instant: Amount {
    package static let noun = "a date or a moment"
    package static let example = "2027-02-01"

    /// `2027-02-01`, the start of that day in UTC, or RFC 3339 with a zone: `2027-02-01T09:00:00+01:00`.
    package static func parse(_ text: String) throws(AmountProblem) -> Instant {
        var scanner = DateScanner(bytes: Array(text.utf8))
        let day = try scanner.day()
        if scanner.isAtEnd { return Instant(milliseconds: day * millisecondsPerDay) }
        guard scanner.take("T") || scanner.take("t") || scanner.take(" ") else {
            throw AmountProblem("`T` and a time are expected after the date")
        }
        let time = try scanner.time()
        let offset = try scanner.offset()
        guard scanner.isAtEnd else { throw AmountProblem("something follows the moment") }
        return Instant(milliseconds: day * millisecondsPerDay + time - offset)
    }

    /// The date alone at midnight UTC, else RFC 3339 in UTC.
    package var text: String {
        let day = milliseconds.floorDivided(by: Instant.millisecondsPerDay)
        let time = milliseconds - day * Instant.millisecondsPerDay
        let date = Calendar.text(ofDay: day)
        if time == 0 { return date }
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60]
            .map { String($0).leftPadded(to: 2) }.joined(separator: ":")
        let fraction = time % 1000 == 0 ? "" : "." + String(time % 1000).leftPadded(to: 3)
        return "\(date)T\(clock)\(fraction)Z"
    }

    static let millisecondsPerDay: Int64 = 86_400_000
}

/// The proleptic Gregorian calendar, in days since 1970-01-01.
private enum Calendar {
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = y.floorDivided(by: 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The same source, civil_from_days.
    static func text(ofDay day: Int64) -> String {
        let shifted = day + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        let date = dayOfYear - (153 * month + 2) / 5 + 1
        return [(year, 4), (civilMonth, 2), (date, 2)].map { String($0).leftPadded(to: $1) }.joined(separator: "-")
    }

    static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return switch month {
        case 2: isLeap ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads the fixed columns of RFC 3339, section 5.6.
private struct DateScanner {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func day() throws(AmountProblem) -> Int64 {
        let year = try number(4, in: 1970...9999, "year")
        try expect("-")
        let month = try number(2, in: 1...12, "month")
        try expect("-")
        let day = try number(2, in: 1...31, "day")
        guard day <= Calendar.days(inMonth: month, of: year) else {
            throw AmountProblem("that month has no day \(day)")
        }
        return Calendar.day(year: year, month: month, day: day)
    }

    /// Milliseconds since midnight.
    mutating func time() throws(AmountProblem) -> Int64 {
        let hour = try number(2, in: 0...23, "hour")
        try expect(":")
        let minute = try number(2, in: 0...59, "minute")
        try expect(":")
        let second = try number(2, in: 0...59, "second")
        return ((hour * 60 + minute) * 60 + second) * 1000 + (take(".") ? try fraction() : 0)
    }

    private mutating func fraction() throws(AmountProblem) -> Int64 {
        var value: Int64 = 0
        var digits = 0
        while index < bytes.count, let digit = digit(at: index) {
            if digits < 3 {
                value = value * 10 + digit
            } else if digit != 0 {
                throw AmountProblem("it is finer than a millisecond")
            }
            digits += 1
            index += 1
        }
        guard digits > 0 else { throw AmountProblem("digits are expected after the dot") }
        for _ in digits..<max(3, digits) { value *= 10 }
        return value
    }

    /// Milliseconds that local time is ahead of UTC.
    mutating func offset() throws(AmountProblem) -> Int64 {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") {
            sign = 1
        } else if take("-") {
            sign = -1
        } else {
            throw AmountProblem("the zone is missing", hint: "add `Z` for UTC, or an offset such as `+01:00`")
        }
        let hours = try number(2, in: 0...23, "hour of the offset")
        try expect(":")
        return sign * (hours * 60 + (try number(2, in: 0...59, "minute of the offset"))) * 60_000
    }

    private func digit(at index: Int) -> Int64? {
        let byte = bytes[index]
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int64(byte - UInt8(ascii: "0")) : nil
    }

    private mutating func number(_ digits: Int, in range: ClosedRange<Int64>, _ name: String) throws(AmountProblem)
        -> Int64
    {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard index < bytes.count, let digit = digit(at: index) else {
                throw AmountProblem("the \(name) must have \(digits) digits")
            }
            value = value * 10 + digit
            index += 1
        }
        guard range.contains(value) else { throw AmountProblem("there is no \(name) \(value)") }
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(AmountProblem) {
        guard take(character) else { throw AmountProblem("`\(character)` is expected") }
    }
}

extension Int64 {
    /// Towards minus infinity.
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
