internal import Spec
internal import Store

/// How long organizations want usage kept, and what is still to be done about it.
struct LedgerRetention {
    private struct Duty {
        let org: String
        let orgUID: String
        let part: UsageRetention.Part
        let end: Instant
        var rows = 0
    }

    private let log: Log
    private var duties: [Duty] = []

    init(log: Log) { self.log = log }

    /// Looks up what is declared now. Rows of the present day always stay: budgets of windows that begin within an hour of UTC, as
    /// some zones have them, and those that roll over up to a day, are summed from them. Longer ones that roll are summed by hours.
    mutating func plan(_ connection: Connection, now: Instant) throws {
        let declared = try connection.transaction { try Resources.list($0, kinds: [.plan, .organization]) }
        var ofPlans: [String: Organization.Retention] = [:]
        var found: [Duty] = []
        for row in declared where row.key.kind == .plan {
            if case .plan(let plan) = try Resource.decode(key: row.key, canonical: row.canonical).body { ofPlans[row.key.name] = plan.retention }
        }
        for row in declared where row.key.kind == .organization {
            guard case .organization(let spec) = try Resource.decode(key: row.key, canonical: row.canonical).body else { continue }
            let plan = spec.plan.flatMap { ofPlans[$0] }
            for (part, age) in [
                (UsageRetention.Part.usage, spec.retention?.usage ?? plan?.usage), (.decisions, spec.retention?.decisions ?? plan?.decisions),
            ] {
                guard let age else { continue }
                let oldest = Instant(milliseconds: now.milliseconds - max(age.wholeMilliseconds, CivilDate.millisecondsPerDay))
                found.append(Duty(org: row.key.name, orgUID: row.uid, part: part, end: RollupGrain.hour.start(of: oldest)))
            }
        }
        duties = found
    }

    /// Does one short step of what is due.
    mutating func step(_ connection: Connection) throws {
        guard let duty = duties.last else { return }
        let step = try connection.transaction { transaction in
            try UsageRetention.step(transaction, orgUID: duty.orgUID, duty.part, before: duty.end, rowsMax: Self.rowsMax)
        }
        duties[duties.count - 1].rows += step.rows
        guard step.isLast else { return }
        let done = duties.removeLast()
        if done.rows > 0 {
            log.note("usage was removed as its retention says", [
                "org": done.org, "part": done.part.rawValue, "before": done.end.rfc3339, "rows": String(done.rows),
            ])
        }
    }

    /// Leaves what is due until it is planned anew.
    mutating func abandon() { duties = [] }

    private static let rowsMax = 2_000
}
