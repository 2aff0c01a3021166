import Foundation
import Policy
import Spec
import Testing

@Suite struct CalendarWindowTests {
    private func instant(_ text: String) throws -> Instant {
        let date = try Date(text, strategy: .iso8601)
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }

    private func expect(
        _ window: Spec.Window, in zone: String, around moment: String, from start: String, to end: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let zone = try #require(Zone(name: zone))
        let found = zone.window(window, around: try instant(moment))
        #expect(found.start == (try instant(start)), sourceLocation: sourceLocation)
        #expect(found.end == (try instant(end)), sourceLocation: sourceLocation)
    }

    @Test func `a day in Berlin has 23 hours when clocks go forward`() throws {
        try expect(.day, in: "Europe/Berlin", around: "2026-03-29T12:00:00Z", from: "2026-03-28T23:00:00Z", to: "2026-03-29T22:00:00Z")
    }

    @Test func `a day in Berlin has 25 hours when clocks go back`() throws {
        try expect(.day, in: "Europe/Berlin", around: "2026-10-25T00:30:00Z", from: "2026-10-24T22:00:00Z", to: "2026-10-25T23:00:00Z")
        try expect(.day, in: "Europe/Berlin", around: "2026-10-25T22:59:59Z", from: "2026-10-24T22:00:00Z", to: "2026-10-25T23:00:00Z")
    }

    @Test func `a month in Berlin begins in winter time and ends in summer time`() throws {
        try expect(.month, in: "Europe/Berlin", around: "2026-03-15T00:00:00Z", from: "2026-02-28T23:00:00Z", to: "2026-03-31T22:00:00Z")
    }

    @Test func `Kathmandu is five hours and three quarters ahead`() throws {
        try expect(.day, in: "Asia/Kathmandu", around: "2026-06-01T18:14:59Z", from: "2026-05-31T18:15:00Z", to: "2026-06-01T18:15:00Z")
        try expect(.day, in: "Asia/Kathmandu", around: "2026-06-01T18:15:00Z", from: "2026-06-01T18:15:00Z", to: "2026-06-02T18:15:00Z")
    }

    @Test func `Lord Howe moves its clocks by half an hour`() throws {
        // From UTC+10:30 to UTC+11 on 2026-10-04, and back on 2026-04-05.
        try expect(.day, in: "Australia/Lord_Howe", around: "2026-10-04T00:00:00Z", from: "2026-10-03T13:30:00Z", to: "2026-10-04T13:00:00Z")
        try expect(.day, in: "Australia/Lord_Howe", around: "2026-04-05T00:00:00Z", from: "2026-04-04T13:00:00Z", to: "2026-04-05T13:30:00Z")
    }

    @Test func `a day whose midnight does not exist begins with its first moment`() throws {
        // Beirut's clocks went from 00:00 to 01:00 on 2022-03-27.
        try expect(.day, in: "Asia/Beirut", around: "2022-03-27T06:00:00Z", from: "2022-03-26T22:00:00Z", to: "2022-03-27T21:00:00Z")
        try expect(.day, in: "Asia/Beirut", around: "2022-03-26T21:59:59Z", from: "2022-03-25T22:00:00Z", to: "2022-03-26T22:00:00Z")
    }

    @Test func `a day whose midnight comes twice begins with the first`() throws {
        // Havana's clocks go from 01:00 back to 00:00 on 2022-11-06.
        try expect(.day, in: "America/Havana", around: "2022-11-06T12:00:00Z", from: "2022-11-06T04:00:00Z", to: "2022-11-07T05:00:00Z")
    }

    @Test func `weeks begin on Monday`() throws {
        try expect(.week, in: "UTC", around: "2026-11-22T23:59:59Z", from: "2026-11-16T00:00:00Z", to: "2026-11-23T00:00:00Z")
        try expect(.week, in: "UTC", around: "2026-11-23T00:00:00Z", from: "2026-11-23T00:00:00Z", to: "2026-11-30T00:00:00Z")
    }

    @Test func `months and years have their own lengths`() throws {
        try expect(.month, in: "UTC", around: "2028-02-29T12:00:00Z", from: "2028-02-01T00:00:00Z", to: "2028-03-01T00:00:00Z")
        try expect(.month, in: "UTC", around: "2026-12-31T23:59:59Z", from: "2026-12-01T00:00:00Z", to: "2027-01-01T00:00:00Z")
        try expect(.year, in: "UTC", around: "2026-12-31T23:59:59Z", from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z")
    }

    @Test func `a total never ends`() {
        #expect(Zone.utc.window(.total, around: World.start).end == CalendarWindow.never)
    }

    @Test func `an unknown zone is none`() { #expect(Zone(name: "Middle/Earth") == nil) }

    @Test(arguments: [
        "UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut",
        "America/New_York", "Africa/Casablanca", "Pacific/Apia", "America/St_Johns",
    ]) func `windows hold their moment and follow each other without a gap`(name: String) throws {
        let zone = try #require(Zone(name: name))
        var random = Seeded(state: 9)
        for _ in 0..<150 {
            let moment = Instant(milliseconds: .random(in: 1_577_836_800_000...1_893_456_000_000, using: &random))
            for kind in [Spec.Window.hour, .day, .week, .month, .year] {
                let window = zone.window(kind, around: moment)
                #expect(window.start <= moment && moment < window.end)
                #expect(zone.window(kind, around: window.start) == window)
                #expect(zone.window(kind, around: window.end).start == window.end)
                let before = zone.window(kind, around: window.start.adding(milliseconds: -1))
                #expect(before.end == window.start)
            }
        }
    }

    @Test(arguments: ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York"])
    func `windows agree with Foundation's calendar`(name: String) throws {
        let zone = try #require(Zone(name: name))
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: name))
        var random = Seeded(state: 10)
        let components: [(Spec.Window, Calendar.Component)] = [
            (.day, .day), (.week, .weekOfYear), (.month, .month), (.year, .year),
        ]
        for _ in 0..<200 {
            let seconds = Int64.random(in: 1_577_836_800...1_893_456_000, using: &random)
            for (window, component) in components {
                let expected = try #require(
                    calendar.dateInterval(of: component, for: Date(timeIntervalSince1970: Double(seconds))))
                let found = zone.window(window, around: Instant(milliseconds: seconds * 1_000))
                #expect(found.start.milliseconds == Int64(expected.start.timeIntervalSince1970) * 1_000)
                #expect(found.end.milliseconds == Int64(expected.end.timeIntervalSince1970) * 1_000)
            }
        }
    }
}

/// Windows that do not begin with the calendar's.
@Suite struct WindowStartTests {
    private func dates(_ window: Spec.Window, _ start: WindowStart, around date: (Int64, Int64, Int64), in name: String = "UTC") throws -> [String] {
        let zone = try #require(Zone(name: name))
        let noon = zone.start(of: CivilDate(year: date.0, month: date.1, day: date.2))
        let found = zone.window(window, starts: start, around: Instant(milliseconds: noon.milliseconds + 43_200_000))
        return [zone.date(of: found.start).description, zone.date(of: found.end).description]
    }

    @Test func `a week may begin on any day`() throws {
        // 2026-11-22 is a Sunday.
        #expect(try dates(.week, .weekday(.sunday), around: (2026, 11, 22)) == ["2026-11-22", "2026-11-29"])
        #expect(try dates(.week, .weekday(.sunday), around: (2026, 11, 21)) == ["2026-11-15", "2026-11-22"])
        #expect(try dates(.week, .weekday(.monday), around: (2026, 11, 22)) == ["2026-11-16", "2026-11-23"])
        #expect(try dates(.week, .weekday(.wednesday), around: (1969, 12, 31)) == ["1969-12-31", "1970-01-07"])
    }

    @Test func `a month may begin on any day that every month has`() throws {
        #expect(try dates(.month, .dayOfMonth(15), around: (2026, 11, 14)) == ["2026-10-15", "2026-11-15"])
        #expect(try dates(.month, .dayOfMonth(15), around: (2026, 11, 15)) == ["2026-11-15", "2026-12-15"])
        #expect(try dates(.month, .dayOfMonth(28), around: (2026, 1, 27)) == ["2025-12-28", "2026-01-28"])
        #expect(try dates(.month, .dayOfMonth(28), around: (2026, 12, 31)) == ["2026-12-28", "2027-01-28"])
    }

    @Test func `a year may begin on any day that every year has`() throws {
        #expect(try dates(.year, .dayOfYear(month: 4, day: 1), around: (2026, 3, 31)) == ["2025-04-01", "2026-04-01"])
        #expect(try dates(.year, .dayOfYear(month: 4, day: 1), around: (2026, 4, 1)) == ["2026-04-01", "2027-04-01"])
        #expect(try dates(.year, .dayOfYear(month: 2, day: 28), around: (2024, 2, 29)) == ["2024-02-28", "2025-02-28"])
    }

    @Test func `a start of another sort of window changes nothing`() throws {
        #expect(try dates(.day, .dayOfMonth(15), around: (2026, 11, 14)) == ["2026-11-14", "2026-11-15"])
        #expect(try dates(.month, .weekday(.sunday), around: (2026, 11, 14)) == ["2026-11-01", "2026-12-01"])
    }

    @Test func `windows of a start lie end to end, in every zone`() throws {
        for name in ["UTC", "Europe/Berlin", "America/Havana", "Pacific/Apia"] {
            let zone = try #require(Zone(name: name))
            for (window, start) in [
                (Window.week, WindowStart.weekday(.saturday)), (.month, .dayOfMonth(27)), (.year, .dayOfYear(month: 10, day: 25)),
            ] {
                var moment = Instant(milliseconds: 1_320_000_000_000)
                for _ in 0..<30 {
                    let here = zone.window(window, starts: start, around: moment)
                    let next = zone.window(window, starts: start, around: here.end)
                    #expect(here.start <= moment && moment < here.end)
                    #expect(next.start == here.end)
                    moment = here.end
                }
            }
        }
    }
}
