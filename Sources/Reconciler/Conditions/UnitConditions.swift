internal import Spec
internal import Store

/// The conditions of one unit, as they follow from what the database holds.
struct UnitConditions {
    let unit: UnitStatus
    let report: StatusReport

    init(of unit: UnitStatus, in report: StatusReport) {
        self.unit = unit
        self.report = report
    }

    /// All of them, `Ready` first, each with the time from which it is known to hold.
    var all: [Condition] {
        let parts = [fetched, verified, valid, applied, enforced, sourceStale, drifted, suspended].map(timed)
        return [timed(ready(from: parts))] + parts
    }

    /// A time that was recorded stands as long as the status does; else the rows tell when it changed.
    private func timed(_ condition: Condition) -> Condition {
        guard let mark = report.marks[unit.name]?[condition.name.rawValue] else { return condition }
        var condition = condition
        if mark.status == condition.status.rawValue { condition.since = mark.since }
        // What nobody recorded cannot have been before what was.
        else if let since = condition.since { condition.since = max(since, mark.since) }
        return condition
    }

    /// The newest commit is enforced everywhere, and the next one will be.
    private func ready(from parts: [Condition]) -> Condition {
        let bad = Self.weights.compactMap { name in parts.first { $0.name == name && $0.isBad } }
        if let first = bad.first {
            return Condition(name: .ready, status: .false, reason: first.reason, message: first.message, since: first.since)
        }
        let open = parts.first { [.fetched, .valid, .applied, .enforced].contains($0.name) && $0.status == .unknown }
        if let open {
            return Condition(name: .ready, status: .unknown, reason: open.reason, message: open.message, since: open.since)
        }
        return Condition(
            name: .ready, status: .true, reason: .ready, message: enforced.message, since: parts.compactMap(\.since).max())
    }

    /// What is told first of several troubles: what lies nearest to the cause.
    private static let weights: [Condition.Name] = [
        .suspended, .fetched, .sourceStale, .valid, .verified, .applied, .drifted, .enforced,
    ]

    func condition(
        _ name: Condition.Name, _ status: Condition.Status, _ reason: Condition.Reason, _ message: String, since: Instant?
    ) -> Condition {
        Condition(name: name, status: status, reason: reason, message: message.printable, since: since)
    }
}
