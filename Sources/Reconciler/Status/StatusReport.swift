package import Spec
package import Store

/// How far each unit's newest commit has come, and what every gateway says it enforces.
package struct StatusReport: Sendable {
    package var units: [UnitStatus]
    package var revision: Revision?
    package var replicas: [Replica]
    /// By the unit's name.
    package var verifications: [String: UnitVerification]
    /// Plans that wait for somebody's word, by the unit's name.
    package var waiting: [String: WaitingPlan] = [:]
    /// Units that stand still, by name.
    package var suspensions: [String: UnitSuspension] = [:]
    /// By the unit's name.
    package var holds: [String: UnitHold] = [:]
    /// The database's clock is not asked: gateways report every few seconds, and a minute's silence is told apart anyhow.
    package var now: Instant

    package init(units: [UnitStatus], revision: Revision?, replicas: [Replica], verifications: [UnitVerification] = [], now: Instant) {
        self.units = units
        self.revision = revision
        self.replicas = replicas
        self.verifications = Dictionary(verifications.map { ($0.unit, $0) }) { first, _ in first }
        self.now = now
    }

    package static func read(_ connection: Connection) throws -> StatusReport {
        try connection.transaction(.repeatableRead) { transaction in
            var report = StatusReport(
                units: try Units.status(transaction), revision: try Revisions.current(transaction),
                replicas: try Replicas.list(transaction), verifications: try Verifications.list(transaction), now: .now)
            for plan in try WaitingPlans.list(transaction) { report.waiting[plan.unit] = plan }
            for hold in try UnitHolds.list(transaction) { report.holds[hold.unit] = hold }
            for suspension in try UnitSuspensions.list(transaction) { report.suspensions[suspension.unit] = suspension }
            return report
        }
    }

    /// A gateway silent for longer is not counted on; it reports every few seconds.
    static let silenceMax = Duration.seconds(30)

    func isSilent(_ replica: Replica) -> Bool {
        now.milliseconds - replica.reportedAt.milliseconds > Self.silenceMax.wholeMilliseconds
    }

    /// True once every gateway that reports enforces the newest revision; never before one does.
    package var isEnforced: Bool {
        let heard = replicas.filter { !isSilent($0) }
        return !heard.isEmpty && heard.allSatisfy { $0.revision == revision?.id }
    }
}
