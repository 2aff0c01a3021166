package import Spec

/// The span of a calendar in which an allowance is counted: from `start` up to, not including, `end`.
package struct CalendarWindow: Hashable, Sendable {
    package var start: Instant
    package var end: Instant

    /// The end of a window that never ends: a time that every database can hold.
    package static let never = CivilDate(year: 9999, month: 1, day: 1).start
}

extension Zone {
    /// The window of that kind around a moment; weeks begin on Monday (ISO 8601), and every window otherwise where `starts`
    /// says so, if it is a day of such a window.
    ///
    /// Days, months and years begin at the first moment that carries their date, also where a change of the clocks
    /// skips or repeats midnight. A total has one window without an end.
    package func window(_ window: Window, starts: WindowStart? = nil, around moment: Instant) -> CalendarWindow {
        switch window {
        case .second: return fixed(Self.second, around: moment)
        case .minute: return fixed(60 * Self.second, around: moment)
        case .hour: return fixed(3_600 * Self.second, around: moment)
        case .total: return CalendarWindow(start: Instant(milliseconds: 0), end: CalendarWindow.never)
        case .day, .week, .month, .year:
            let local = moment.milliseconds + offset(at: moment.milliseconds)
            let (first, next) = days(of: window, from: starts, around: local.dividedDown(by: Self.day))
            return CalendarWindow(start: midnight(of: first), end: midnight(of: next))
        }
    }

    /// The first moment that carries that date.
    package func start(of date: CivilDate) -> Instant { midnight(of: date.daysSince1970) }

    /// The date that clocks show then.
    package func date(of moment: Instant) -> CivilDate {
        CivilDate(Instant(milliseconds: moment.milliseconds + offset(at: moment.milliseconds)))
    }

    private func days(of window: Window, from start: WindowStart?, around day: Int64) -> (first: Int64, next: Int64) {
        let date = CivilDate(daysSince1970: day)
        switch window {
        case .week:
            // 1970-01-01 was a Thursday, three days after a Monday.
            let shift = 3 - (start?.daysAfterMonday ?? 0)
            let first = (day + shift).dividedDown(by: 7) * 7 - shift
            return (first, first + 7)
        case .month:
            let first = start?.day(of: .month) ?? (1, 1)
            let (year, month) = date.day >= first.day ? (date.year, date.month) : Self.month(before: date)
            let next = month == 12 ? (year + 1, 1) : (year, month + 1)
            return (
                CivilDate(year: year, month: month, day: first.day).daysSince1970,
                CivilDate(year: next.0, month: next.1, day: first.day).daysSince1970
            )
        case .year:
            let first = start?.day(of: .year) ?? (1, 1)
            let year = (date.month, date.day) >= (first.month, first.day) ? date.year : date.year - 1
            return (
                CivilDate(year: year, month: first.month, day: first.day).daysSince1970,
                CivilDate(year: year + 1, month: first.month, day: first.day).daysSince1970
            )
        default:
            return (day, day + 1)
        }
    }

    private static func month(before date: CivilDate) -> (year: Int64, month: Int64) {
        date.month == 1 ? (date.year - 1, 12) : (date.year, date.month - 1)
    }

    private func fixed(_ length: Int64, around moment: Instant) -> CalendarWindow {
        let start = moment.milliseconds.dividedDown(by: length) * length
        return CalendarWindow(start: Instant(milliseconds: start), end: Instant(milliseconds: start + length))
    }

    /// The first moment at which clocks show the date of that day.
    private func midnight(of day: Int64) -> Instant {
        let wanted = day * Self.day
        let before = wanted - offset(at: wanted - Self.day)
        let after = wanted - offset(at: wanted + Self.day)
        let earliest = min(before, after)
        let latest = max(before, after)
        if earliest + offset(at: earliest) == wanted { return Instant(milliseconds: earliest) }
        if latest + offset(at: latest) == wanted { return Instant(milliseconds: latest) }
        return Instant(milliseconds: jump(over: wanted, from: earliest, to: latest))
    }

    /// Where the clocks jump over a local time: the first moment in the range that shows a later one.
    private func jump(over wanted: Int64, from: Int64, to: Int64) -> Int64 {
        var low = from
        var high = to
        while low < high {
            let middle = low + (high - low) / 2
            if middle + offset(at: middle) >= wanted { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static let second: Int64 = 1_000
    private static let day: Int64 = 86_400_000
}

extension WindowStart {
    fileprivate var daysAfterMonday: Int64 {
        guard case .weekday(let day) = self else { return 0 }
        return Int64(Weekday.allCases.firstIndex(of: day) ?? 0)
    }

    /// Nil where it is the first day of another sort of window.
    fileprivate func day(of window: Window) -> (month: Int64, day: Int64)? {
        switch (self, window) {
        case (.dayOfMonth(let day), .month): (1, Int64(day))
        case (.dayOfYear(let month, let day), .year): (Int64(month), Int64(day))
        default: nil
        }
    }
}
