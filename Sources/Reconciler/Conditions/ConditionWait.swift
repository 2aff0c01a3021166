internal import Spec
package import Store

internal import Glibc

/// Waits until a condition holds, of every unit or of one, and of the commit that is asked for.
package struct ConditionWait: Sendable {
    package var name: Condition.Name
    package var status: Condition.Status
    /// All of them where nil.
    package var unit: String?
    /// The beginning of its id.
    package var commit: String?
    /// Where to ask whether a later commit contains it; without it, one that was overtaken before it was applied is waited for in vain.
    package var source: GitSource?

    /// Takes `Enforced`, `Enforced=True` and the like, in any case; nil for what is no condition.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.lowercased() }
        let names = Condition.Name.allCases, statuses = Condition.Status.allCases
        guard let name = names.first(where: { $0.rawValue.lowercased() == parts[0] }) else { return nil }
        self.name = name
        guard parts.count == 2 else {
            status = .true
            return
        }
        guard let status = statuses.first(where: { $0.rawValue.lowercased() == parts[1] }) else { return nil }
        self.status = status
    }

    /// What a look came to; each with a sentence for people.
    package enum Answer: Hashable, Sendable {
        case holds(String)
        case notYet(String)
        /// It will not hold by waiting.
        case never(String)

        package var message: String {
            switch self {
            case .holds(let message), .notYet(let message), .never(let message): message
            }
        }

        package var holds: Bool { if case .holds = self { true } else { false } }
    }

    /// Looks again and again for at most `timeout`; answers what the last look came to.
    package func run(_ connection: Connection, within timeout: Duration) throws -> (Answer, StatusReport) {
        let end = ContinuousClock.now + timeout
        while true {
            // A look may have fetched meanwhile.
            if ProgressBoard.now?.phase != .waiting { ProgressBoard.begin(.waiting) }
            let report = try StatusReport.read(connection)
            let answer = try judge(report, brought: brought(connection))
            if case .notYet = answer, ContinuousClock.now < end {
                usleep(Self.pauseMicroseconds)
            } else {
                return (answer, report)
            }
        }
    }

    private static let pauseMicroseconds: UInt32 = 100_000

    /// The newest revision that the commit brought.
    private func brought(_ connection: Connection) throws -> Revision? {
        guard let commit else { return nil }
        return try connection.transaction { try Revisions.of($0, commit: commit, unit: unit) }
    }

    /// Judges what was read; `brought` is the newest revision of the commit.
    func judge(_ report: StatusReport, brought: Revision?) throws -> Answer {
        var units = report.units
        if let unit { units = units.filter { $0.name == unit } }
        guard !units.isEmpty else { return .notYet(unit.map { "there is no unit \($0)" } ?? "there is no unit yet") }
        if commit != nil, units.count > 1 {
            guard let brought else { return .never("there are several units, so name the one of the commit by --unit") }
            units = units.filter { $0.name == brought.unit }
        }
        var answers: [Answer] = []
        for unit in units { answers.append(try judge(unit, report, brought)) }
        return answers.first { if case .never = $0 { true } else { false } } ?? answers.first { !$0.holds } ?? answers[0]
    }

    private func judge(_ unit: UnitStatus, _ report: StatusReport, _ brought: Revision?) throws -> Answer {
        guard let commit else { return answer(unit, report) }
        if let rejected = unit.rejected, rejected.commit.hasPrefix(commit), name != .fetched {
            let conditions = UnitConditions(of: unit, in: report)
            let why = conditions.valid.isBad ? conditions.valid : conditions.verified
            return .never(Self.text(why, of: unit))
        }
        var unit = unit
        if let hold = report.holds[unit.name], let brought, hold.revision > brought.id {
            return .never(Self.text(UnitConditions(of: unit, in: report).applied, of: unit))
        }
        switch try reach(of: commit, unit, report, brought) {
        case .nothing(let message): return .notYet("unit \(unit.name): \(message)")
        case .applied(let revision): unit.applied = revision
        case .read:
            guard [.fetched, .verified, .valid].contains(name) else {
                return .notYet(Self.text(UnitConditions(of: unit, in: report).applied, of: unit))
            }
        }
        return answer(unit, report)
    }

    private func answer(_ unit: UnitStatus, _ report: StatusReport) -> Answer {
        guard let condition = report.conditions(of: unit).first(where: { $0.name == name }) else { return .notYet("") }
        let text = Self.text(condition, of: unit)
        return condition.status == status ? .holds(text) : .notYet(text)
    }

    private static func text(_ condition: Condition, of unit: UnitStatus) -> String {
        "unit \(unit.name): \(condition.name.rawValue) is \(condition.status.rawValue) (\(condition.reason.rawValue)): \(condition.message)"
    }

    // MARK: How far the commit has come

    private enum Reach {
        case nothing(String)
        /// Read, and no mistake found; not applied.
        case read
        /// Part of this revision, and of all later ones.
        case applied(Int64)
    }

    private func reach(of commit: String, _ unit: UnitStatus, _ report: StatusReport, _ brought: Revision?) throws -> Reach {
        if let brought { return .applied(brought.id) }
        let isSettled = UnitConditions(of: unit, in: report).applied.status == .true
        if let validated = unit.validated?.commit, let applied = unit.applied, isSettled, try contains(validated, commit) {
            return .applied(applied)
        }
        let seen = [unit.fetched?.commit, unit.validated?.commit].compactMap { $0 }
        if try seen.contains(where: { try contains($0, commit) }) { return .read }
        let newest = unit.fetched.map { "the newest commit read is \($0.commit.prefix(10))" } ?? "nothing was read yet"
        return .nothing("\(commit.prefix(10)) was not read; \(newest)")
    }

    private func contains(_ tip: String, _ commit: String) throws -> Bool {
        if tip.hasPrefix(commit) { return true }
        guard let source, let tip = ObjectID(hex: tip), let wanted = ObjectID(hex: commit) else { return false }
        var repository = try source.open()
        if (try? repository.commitIfPresent(tip)) == nil {
            try source.refresh()
            repository = try source.open()
        }
        return try repository.movement(from: wanted, to: tip) == .forward
    }
}
