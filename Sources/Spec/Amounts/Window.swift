/// The span of time over which an amount is counted.
package enum Window: String, CaseIterable, Sendable {
    case second, minute, hour, day, week, month, year, total

    /// As it stands after the slash.
    var text: String {
        switch self {
        case .second: "sec"
        case .minute: "min"
        default: rawValue
        }
    }

    init?(word: String) {
        switch word {
        case "s", "sec", "second": self = .second
        case "m", "min", "minute": self = .minute
        case "h", "hour": self = .hour
        case "d", "day": self = .day
        case "week": self = .week
        case "month": self = .month
        case "year": self = .year
        default: return nil
        }
    }

    static let words = ["sec", "min", "hour", "day", "week", "month", "year"]
    static let pattern = "(?:s|sec|second|m|min|minute|h|hour|d|day|week|month|year)"
}

extension AmountScanner {
    /// The word after a slash.
    mutating func window() throws(AmountProblem) -> Window {
        let word = word()
        guard let window = Window(word: word) else {
            throw AmountProblem(
                word.isEmpty ? "a window is missing after `/`" : "`\(word)` is not a window",
                hint: Suggestion.hint(for: word, among: Window.words))
        }
        return window
    }
}
