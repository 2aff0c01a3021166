extension Instant: Amount {
    package static let noun = "a date or a moment"
    package static let example = "2027-02-01"
    static let pattern: String? = date + "(?:[Tt ]\(clock):[0-5][0-9]\(millisecond)(?:[Zz]|[+-]\(clock)))?"

    /// The days from 1970 to 9999, leap years included.
    private static let date =
        "(?=19[7-9]|[2-9])(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
        + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
        + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
    private static let clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    private static let millisecond = AmountPattern.fraction(3)

    /// `2027-02-01`, the start of that day in UTC, or RFC 3339 with a zone: `2027-02-01T09:00:00+01:00`.
    package static func parse(_ text: String) throws(AmountProblem) -> Instant {
        var scanner = DateScanner(bytes: Array(text.utf8))
        let day = try scanner.day()
        if scanner.isAtEnd { return Instant(milliseconds: day * CivilDate.millisecondsPerDay) }
        guard scanner.take("T") || scanner.take("t") || scanner.take(" ") else {
            throw AmountProblem("`T` and a time are expected after the date")
        }
        let time = try scanner.time()
        let offset = try scanner.offset()
        guard scanner.isAtEnd else { throw AmountProblem("something follows the moment") }
        return Instant(milliseconds: day * CivilDate.millisecondsPerDay + time - offset)
    }

    /// The date alone at midnight UTC, else RFC 3339 in UTC.
    package var text: String {
        let day = milliseconds.dividedDown(by: CivilDate.millisecondsPerDay)
        let time = milliseconds - day * CivilDate.millisecondsPerDay
        let date = CivilDate(daysSince1970: day).description
        if time == 0 { return date }
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60]
            .map { String($0).leftPadded(to: 2) }.joined(separator: ":")
        let fraction = time % 1000 == 0 ? "" : "." + String(time % 1000).leftPadded(to: 3)
        return "\(date)T\(clock)\(fraction)Z"
    }

    /// RFC 3339 with a time of day even at midnight: `2026-11-21T00:00:00Z`.
    package var iso8601: String { text.contains("T") ? text : text + "T00:00:00Z" }
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
        let date = CivilDate(year: year, month: month, day: day)
        guard day <= date.daysInMonth else { throw AmountProblem("that month has no day \(day)") }
        return date.daysSince1970
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
        guard range.contains(value) else {
            let first = String(range.lowerBound).leftPadded(to: digits)
            throw AmountProblem("the \(name) must be from \(first) to \(range.upperBound)")
        }
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(AmountProblem) {
        guard take(character) else { throw AmountProblem("`\(character)` is expected") }
    }
}
