internal import Spec
internal import Store

/// Keeps what others may see of a running loop up to date; confined to the loop's thread.
///
/// Its troubles are no troubles of the loop, which meets the same ones by itself.
final class StatusKeeper {
    private var schedule = WatchSchedule()
    private var hasNews = true

    /// How long nothing new is looked for when nothing happened here: gateways and people act elsewhere.
    private static let pause = Duration.seconds(2)

    /// Something happened that others should see.
    func note() { hasNews = true }

    /// Looks at how the units stand, when that is due, and records what changed of the loop's own unit.
    func look(_ session: ReconcileSession?, leads: Bool) {
        guard let session, leads, hasNews || schedule.isDue(.status) else { return }
        schedule.set(.status, after: Self.pause)
        guard let report = try? StatusReport.read(session.connection) else { return }
        hasNews = false
        _ = try? ConditionLedger.settle(report, unit: session.unit, session.connection)
    }
}
