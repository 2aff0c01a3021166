package import Spec
package import Store

/// How far each unit's newest commit has come, and what every gateway says it enforces.
package struct StatusReport: Sendable {
    package var units: [UnitStatus]
    /// The newest of all units.
    package var revision: Revision?
    package var replicas: [Replica]
    /// The newest of each unit, and those that gateways enforce, by number.
    var revisions: [Int64: Revision] = [:]
    /// By the unit's name.
    package var verifications: [String: UnitVerification] = [:]
    /// Plans that wait for somebody's word, by the unit's name.
    package var waiting: [String: WaitingPlan] = [:]
    /// Units that stand still, by name.
    package var suspensions: [String: UnitSuspension] = [:]
    /// When suspensions ran out by themselves, by the unit's name.
    var suspensionEnds: [String: Instant] = [:]
    /// By the unit's name.
    package var holds: [String: UnitHold] = [:]
    /// Everybody who is told of events.
    package var recipients: [OutboxRecipient] = []
    /// What the last scan for drift found, by the unit's name.
    package var scans: [String: DriftScan] = [:]
    /// How many findings are kept, by the unit's name.
    var driftTallies: [String: DriftTally] = [:]
    /// The first of what Charter takes no part in any longer.
    var contested: [DriftFinding] = []
    /// Whether PostgreSQL notes who writes declared state beside Charter.
    package var driftBlame = DriftBlame.off
    /// How each unit stood when somebody recorded it, by the unit's and the condition's name.
    var marks: [String: [String: ConditionMark]] = [:]
    /// Changes that callers asked for and nobody has carried out, by the unit's name.
    var changes: [String: WaitingChanges] = [:]
    /// Who leads, or led last, by the unit's name.
    package var leads: [String: Lead] = [:]
    /// What was computed of the rows, where it was asked for, and of Git, by who judged the branch last or anew.
    package var digests = KnownDigests()
    /// By the database's clock, so that whoever asks is told the same.
    package var now: Instant

    package init(units: [UnitStatus] = [], revision: Revision? = nil, replicas: [Replica] = [], now: Instant) {
        self.units = units
        self.revision = revision
        self.replicas = replicas
        self.now = now
    }

    /// Reads all of it in one transaction; `addingUpRows` also computes the digest of what the table of resources holds now, at the
    /// cost of reading every row.
    package static func read(_ connection: Connection, addingUpRows: Bool = false) throws -> StatusReport {
        try connection.transaction(.repeatableRead) { transaction in
            var report = StatusReport(now: try transaction.clock())
            report.units = try Units.status(transaction)
            for unit in report.units { report.digests.git[unit.name] = GitDigest(unit) }
            report.revision = try Revisions.current(transaction)
            report.replicas = try Replicas.list(transaction)
            let ids = Set(report.units.compactMap(\.applied) + report.replicas.map(\.revision))
            report.revisions = try Revisions.of(transaction, ids: ids.sorted())
            for found in try Verifications.list(transaction) { report.verifications[found.unit] = found }
            for plan in try WaitingPlans.list(transaction) { report.waiting[plan.unit] = plan }
            report.recipients = try Outbox.recipients(transaction)
            for hold in try UnitHolds.list(transaction) { report.holds[hold.unit] = hold }
            for suspension in try UnitSuspensions.list(transaction) { report.suspensions[suspension.unit] = suspension }
            report.suspensionEnds = try UnitSuspensions.ended(transaction)
            for scan in try DriftScans.list(transaction) { report.scans[scan.unit] = scan }
            report.driftTallies = try DriftFindings.tallies(transaction)
            report.contested = try DriftFindings.contested(transaction)
            report.driftBlame = try DriftBlame.standing(transaction)
            for mark in try ConditionMarks.list(transaction) { report.marks[mark.unit, default: [:]][mark.name] = mark }
            report.changes = try ChangeRequests.waiting(transaction)
            let leads = Dictionary(try Leadership.list(transaction).map { ($0.name, $0) }) { first, _ in first }
            for unit in report.units { report.leads[unit.name] = leads[ReconcileSession.leaderName(of: unit.name)] }
            if addingUpRows {
                ProgressBoard.begin(.adding)
                report.digests.rows = RowsDigest(
                    hex: try StateDigest.inDatabase(transaction), at: report.now, revision: report.revision?.id ?? 0)
            }
            return report
        }
    }

    /// Of one unit alone; nil where there is none of that name.
    package func limited(to unit: String) -> StatusReport? {
        guard let status = units.first(where: { $0.name == unit }) else { return nil }
        var report = self
        report.units = [status]
        return report
    }

    /// In the order of their names' declaration.
    package func conditions(of unit: UnitStatus) -> [Condition] { UnitConditions(of: unit, in: self).all }
}
