/// A bound on spending for part of an organization.
package struct Budget: Hashable, Sendable {
    package var description: String?
    package var subject: Subject
    package var terms: BudgetTerms

    package enum Subject: Hashable, Sendable {
        case organization
        case project(String)
        case member(String)
        case key(String)
        case model(ModelPattern)
        /// All keys that carry it.
        case tag(Tag)
    }
}

/// A name and a value by which usage is told apart in bills: `team=search`.
package struct Tag: Hashable, Sendable {
    package var name: String
    package var value: String
}

/// The terms of a budget, shared by the Budget kind and a key's inline budget; `hard` or `soft` is there.
package struct BudgetTerms: Hashable, Sendable {
    /// Never exceeded: a request that could exceed it is refused before it is forwarded.
    package var hard: Allowance?
    /// May be exceeded, and whoever is told is told so.
    package var soft: Allowance?
    /// IANA name of the zone whose calendar opens and closes the window.
    package var zone: String
    /// Where the window begins, unless where the calendar's does.
    package var starts: WindowStart?
    package var thresholds: [Threshold]
    /// Names of Webhooks.
    package var notify: [String]

    package struct Threshold: Hashable, Sendable {
        /// In hundredths of a percent of `hard`, or of `soft` where that stands alone; 80% is 8000.
        package var share: Int
        package var action: Action
    }

    package enum Action: Hashable, Sendable {
        case notify
        case downgrade(to: String)
        case block
    }
}

/// The first day of a week, a month or a year that does not begin with the calendar's.
package enum WindowStart: Hashable, Sendable {
    case weekday(Weekday)
    /// 1 to 28, which every month has.
    case dayOfMonth(Int)
    case dayOfYear(month: Int, day: Int)

    package enum Weekday: String, CaseIterable, Sendable {
        case monday, tuesday, wednesday, thursday, friday, saturday, sunday
    }
}
