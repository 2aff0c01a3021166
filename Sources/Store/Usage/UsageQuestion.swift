package import Spec

/// What a report on usage tells apart.
package enum UsageDimension: Hashable, Sendable {
    case org, project, key, member, model, provider, endpoint, route
    /// The value of the tag of this name.
    case tag(String)
    /// The combination of flags that rows carry.
    case flags
}

/// Which rows of the ledger a report counts; what is nil or empty narrows nothing.
package struct UsageFilter: Hashable, Sendable {
    /// Lineages: several where more than one had the name.
    package var orgs: [String]?
    package var projects: [String]?
    package var keys: [String]?
    package var members: [String]?
    /// Globs over `provider/model`, in which `*` stands for any run of characters.
    package var models: [String]?
    package var tags: [Tag] = []
    /// Only rows whose figures are doubtful.
    package var isFlagged = false

    package init() {}
}

/// Some stretches of time and what is asked of them.
package struct UsageQuestion: Hashable, Sendable {
    /// Half-open.
    package var periods: [Range<Instant>]
    package var dimensions: [UsageDimension]
    package var filter: UsageFilter

    package init(_ periods: [Range<Instant>], by dimensions: [UsageDimension] = [], filter: UsageFilter = UsageFilter()) {
        self.periods = periods
        self.dimensions = dimensions
        self.filter = filter
    }

    /// Flags are known of rows alone.
    var needsRows: Bool { filter.isFlagged || dimensions.contains(.flags) }
}

/// One line of the answer.
package struct UsageGroup: Hashable, Sendable {
    /// Which of the question's periods.
    package var period: Int
    /// One for each dimension, in their order; nil where there is none, such as a key outside of projects.
    package var values: [UsageValue?]
    package var sums: UsageTotals
}

/// What a group has in one dimension.
package struct UsageValue: Hashable, Sendable {
    /// The name that it has now, or had last.
    package var name: String
    /// The lineage of what has one.
    package var uid: String?
}

/// A stretch of time cut into what the sums by day, the sums by hour and the rows themselves answer exactly.
struct UsageParts: Hashable, Sendable {
    var days: [Range<Instant>] = []
    var hours: [Range<Instant>] = []
    var rows: [Range<Instant>] = []

    init(_ period: Range<Instant>, fromRowsOnly: Bool = false) {
        if fromRowsOnly {
            rows = [period]
        } else {
            cut(period, by: .day)
        }
    }

    private mutating func cut(_ period: Range<Instant>, by grain: RollupGrain) {
        guard !period.isEmpty else { return }
        let inner = grain.whole(in: period)
        let outer = inner.map { [period.lowerBound..<$0.lowerBound, $0.upperBound..<period.upperBound] } ?? [period]
        switch grain {
        case .day:
            if let inner { days.append(inner) }
            for rest in outer { cut(rest, by: .hour) }
        case .hour:
            if let inner { hours.append(inner) }
            rows += outer.filter { !$0.isEmpty }
        }
    }
}

extension RollupGrain {
    /// The whole stretches that lie in the period; nil when none does.
    fileprivate func whole(in period: Range<Instant>) -> Range<Instant>? {
        let first = start(of: Instant(milliseconds: period.lowerBound.milliseconds + milliseconds - 1))
        let end = start(of: period.upperBound)
        return first < end ? first..<end : nil
    }
}
