package import Policy
package import Spec
package import Store

/// `charter usage`: what is asked, in a person's words.
package struct UsageRequest: Sendable {
    package var zone: Zone
    package var span: Range<Instant>
    package var dimensions: [UsageDimension]
    /// The kind of calendar window that the span is cut into; nil for the whole.
    package var window: Window?
    package var filter = UsageWords()
    /// An answer of more lines is refused; nil for any number.
    package var linesMax: Int?

    /// Names and globs as they were given.
    package struct UsageWords: Hashable, Sendable {
        package var org: String?
        package var project: String?
        package var key: String?
        package var member: String?
        package var models: [String] = []
        package var tags: [Tag] = []
        package var isFlagged = false

        package init() {}
    }

    /// Without `from` since the month began, without `to` until the present day ends, both by the clocks of `zone`.
    ///
    /// `by` is what is told apart, with commas: `project,model,day`.
    package init(from: String?, to: String?, zone: String?, by: String?, now: Instant) throws(RequestRefusal) {
        let calendar = UsageCalendar(zone: try UsageCalendar.zone(zone), now: now)
        self.zone = calendar.zone
        let start = try from.map { text throws(RequestRefusal) in try calendar.moment(text, flag: "from") }
        let end = try to.map { text throws(RequestRefusal) in try calendar.moment(text, flag: "to") }
        let first = start ?? self.zone.window(.month, around: now).start
        let last = end ?? self.zone.window(.day, around: now).end
        guard first < last else {
            throw RequestRefusal(
                "the period ends at \(last.iso8601), not after it begins at \(first.iso8601)",
                .misworded, hint: "--from is part of it, --to is not")
        }
        span = first..<last
        dimensions = []
        for word in by?.split(separator: ",", omittingEmptySubsequences: false) ?? [] { try take(String(word)) }
        try checkCount()
    }

    private mutating func take(_ word: String) throws(RequestRefusal) {
        if let known = Window(rawValue: word), Self.windows.contains(known) {
            guard window == nil else { throw RequestRefusal("--by names two lengths of time", .misworded, hint: "one of \(Self.windowNames)") }
            window = known
            return
        }
        guard let dimension = Self.dimension(word) else {
            let near = Suggestion.nearest(to: word, among: Self.dimensionNames)
            throw RequestRefusal(
                "--by does not know \"\(word.printable)\"",
                .misworded, hint: near.map { "did you mean \($0)?" } ?? "\(Self.dimensionNames.joined(separator: ", ")), tag:NAME, \(Self.windowNames)")
        }
        guard !dimensions.contains(dimension) else { throw RequestRefusal("--by names \(word.printable) twice", .misworded, hint: nil) }
        dimensions.append(dimension)
    }

    private static func dimension(_ word: String) -> UsageDimension? {
        if word.hasPrefix("tag:"), word.utf8.count > 4 { return .tag(String(word.dropFirst(4))) }
        return named.first { $0.name == word }?.dimension
    }

    static let named: [(name: String, dimension: UsageDimension)] = [
        ("org", .org), ("project", .project), ("key", .key), ("member", .member), ("model", .model), ("provider", .provider),
        ("endpoint", .endpoint), ("route", .route), ("flags", .flags),
    ]
    private static var dimensionNames: [String] { named.map(\.name) }
    private static let windows: [Window] = [.hour, .day, .week, .month, .year]
    private static var windowNames: String { windows.map(\.rawValue).joined(separator: ", ") }

    /// The span cut at the calendar's seams, so that every part lies in one window.
    package var periods: [Range<Instant>] {
        guard let window else { return [span] }
        var periods: [Range<Instant>] = []
        var start = span.lowerBound
        while start < span.upperBound, periods.count <= Self.periodsMax {
            let end = min(zone.window(window, around: start).end, span.upperBound)
            periods.append(start..<end)
            start = end
        }
        return periods
    }

    private func checkCount() throws(RequestRefusal) {
        guard periods.count > Self.periodsMax else { return }
        throw RequestRefusal("the period has more than \(Self.periodsMax) parts", .misworded, hint: "ask for a shorter one, or for longer parts")
    }

    /// More lines than anybody reads, and than one statement should carry.
    private static let periodsMax = 10_000

    /// Asks the ledger, in the caller's transaction.
    package func run(_ transaction: Transaction) throws -> UsageListing {
        let question = UsageQuestion(periods, by: shownDimensions, filter: try filter(transaction))
        if let hour = try Ledger.hourWithoutRows(transaction, question) { throw UsageProblem.rowsGone(hour) }
        let groups = try Ledger.report(transaction, question, limit: linesMax.map { $0 + 1 })
        if let linesMax, groups.count > linesMax {
            throw RequestRefusal(
                "the answer has more than \(linesMax) lines", .misworded,
                hint: "ask for a shorter period, for less in --by, or for one project, key, member or model")
        }
        return UsageListing(request: self, dimensions: question.dimensions, groups: groups)
    }

    /// A key's name means little without its organization, unless that is given.
    private var shownDimensions: [UsageDimension] {
        let within: Set<UsageDimension> = [.project, .key, .member]
        guard filter.org == nil, !dimensions.contains(.org), let first = dimensions.firstIndex(where: within.contains) else {
            return dimensions
        }
        var shown = dimensions
        shown.insert(.org, at: first)
        return shown
    }

    /// The lineages behind the names.
    package func filter(_ transaction: Transaction) throws -> UsageFilter {
        let tenancy = filter.org.map(Tenancy.organization) ?? .everything
        func lineages(_ kind: Kind, _ name: String?) throws -> [String]? {
            guard let name else { return nil }
            let found = try Ledger.lineages(transaction, kind, named: name, in: tenancy)
            guard !found.isEmpty else { throw UsageProblem.unknown(kind, name) }
            return found
        }
        var found = UsageFilter()
        found.orgs = try lineages(.organization, filter.org)
        found.projects = try lineages(.project, filter.project)
        found.keys = try lineages(.apiKey, filter.key)
        found.members = try lineages(.member, filter.member)
        found.models = filter.models.isEmpty ? nil : filter.models
        found.tags = filter.tags
        found.isFlagged = filter.isFlagged
        return found
    }
}

/// Why there is no answer.
package enum UsageProblem: Error, Hashable, CustomStringConvertible {
    case unknown(Kind, String)
    /// Of this hour.
    case rowsGone(Instant)

    package var description: String {
        switch self {
        case .unknown(let kind, let name): "there is no \(kind.rawValue) `\(name.printable)`, and no usage was booked to one"
        case .rowsGone(let hour):
            "rows of the hour from \(hour.iso8601) were removed from the ledger: what is left are sums by full hours of UTC, without flags"
        }
    }
}

/// Moments as people write them, by the clocks of one zone.
struct UsageCalendar {
    let zone: Zone
    let now: Instant

    static func zone(_ name: String?) throws(RequestRefusal) -> Zone {
        guard let name else { return .utc }
        guard let zone = Zone(name: name) else {
            throw RequestRefusal("--zone \"\(name.printable)\" is no zone of the IANA database", .misworded, hint: "such as UTC or Europe/Berlin")
        }
        return zone
    }

    /// `2026-11`, `2026-11-21`, `2026-11-21T09:00:00Z`, or `7d` for seven days ago.
    func moment(_ text: String, flag: String) throws(RequestRefusal) -> Instant {
        if let ago = Duration.age(text) {
            // PostgreSQL reads no moment of thousands of years ago.
            guard ago.wholeMilliseconds <= now.milliseconds else { throw RequestRefusal("--\(flag) \(text.printable) is before 1970", .misworded) }
            return Instant(milliseconds: now.milliseconds - ago.wholeMilliseconds)
        }
        let isMonth = text.utf8.count == Self.monthText.utf8.count
        do {
            let read = try Instant.parse(isMonth ? text + "-01" : text)
            // Without a time it is a date on the zone's calendar.
            guard text.utf8.count <= Self.dayText.utf8.count else { return read }
            return zone.start(of: CivilDate(read))
        } catch {
            throw RequestRefusal(
                "--\(flag) \"\(text.printable)\" is not a moment: \(error.message)",
                .misworded, hint: "write \(Self.monthText), \(Self.dayText), 2026-11-21T09:00:00Z, or 7d for seven days ago")
        }
    }

    private static let monthText = "2026-11"
    private static let dayText = "2026-11-21"
}
