extension WindowStart: Amount {
    package static let noun = "the first day of a window"
    package static let example = "15"
    static let pattern: String? =
        Weekday.allCases.map(\.rawValue).joined(separator: "|")
        + "|[1-9]|1[0-9]|2[0-8]|(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"

    /// `sunday` of a week, `15` of a month, `04-01` of a year.
    package static func parse(_ text: String) throws(AmountProblem) -> WindowStart {
        if let weekday = Weekday(rawValue: text) { return .weekday(weekday) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 1, let day = number(parts[0], digits: 1...2, upTo: 28), text.utf8.first != UInt8(ascii: "0") {
            return .dayOfMonth(day)
        }
        if parts.count == 2, let month = number(parts[0], digits: 2...2, upTo: 12),
            let day = number(parts[1], digits: 2...2, upTo: 28)
        {
            return .dayOfYear(month: month, day: day)
        }
        throw AmountProblem(
            "it is neither a day of the week, nor a day of the month up to 28, nor a month and a day",
            hint: "write it like `sunday`, `15` or `04-01`")
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>, upTo bound: Int) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(text), (1...bound).contains(value)
        else { return nil }
        return value
    }

    package var text: String {
        switch self {
        case .weekday(let day): day.rawValue
        case .dayOfMonth(let day): String(day)
        case .dayOfYear(let month, let day): String(month).leftPadded(to: 2) + "-" + String(day).leftPadded(to: 2)
        }
    }

    /// The window that it is the first day of.
    var window: Window {
        switch self {
        case .weekday: .week
        case .dayOfMonth: .month
        case .dayOfYear: .year
        }
    }
}
