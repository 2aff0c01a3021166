internal import Glibc
internal import Synchronization

/// A named point at which a test may stop or kill this process: `CHARTER_FAILPOINT=apply:mid@2=kill`.
///
/// The variable holds `<point>`, then `@<n>` for the n-th time that it is reached (the first when left out), then `=<action>`:
/// `kill` (SIGKILL, the default) or `stop` (SIGSTOP, until somebody sends SIGCONT). Without the variable a point costs one
/// look at the environment.
package enum Failpoint: String, CaseIterable, Sendable {
    /// In the child that fetches, with the mirror locked and nothing asked of the remote.
    case beforeFetch = "fetch:begin"
    /// In the child, while objects arrive.
    case midFetch = "fetch:mid"
    /// In the child, with a reference of the mirror moved.
    case afterReferences = "fetch:references"
    /// In the child, with all done and nothing said to the parent.
    case afterFetch = "fetch:done"
    /// With the lead taken.
    case afterLead = "lead:taken"
    /// Before the lead is given back.
    case beforeRelease = "lead:release"
    /// Before the transaction of an apply begins.
    case beforeApply = "apply:begin"
    /// In the transaction, with the commit's signatures judged.
    case afterVerification = "apply:verified"
    /// With every resource written and the revision not yet recorded; a rollback comes by here too.
    case midApply = "apply:mid"
    /// With everything written, before COMMIT.
    case beforeCommit = "apply:commit"
    /// After COMMIT, before anything is reported or the announcement is read.
    case afterApply = "apply:done"
    /// With rows of a COPY sent, and its end not.
    case midCopy = "copy:mid"
    /// With a rejected commit on record.
    case afterRejection = "reject:done"
    /// With a blocked plan on record.
    case afterBlock = "block:done"
    /// In the transaction that puts drift right, before COMMIT.
    case beforeCorrection = "correct:commit"
    /// After that COMMIT.
    case afterCorrection = "correct:done"
    /// In the transaction of a rollback, before COMMIT.
    case beforeRollback = "rollback:commit"
    /// After that COMMIT, with the lead still held.
    case afterRollback = "rollback:done"
    /// In the transaction that suspends a unit, before COMMIT.
    case beforeSuspension = "suspend:commit"
    /// In the transaction of an approval, before COMMIT.
    case beforeApproval = "approve:commit"
    /// With the commit of a change request made, and on no branch.
    case beforePush = "change:commit"
    /// With that commit on its branch, and nobody told.
    case afterPush = "change:pushed"
    /// In the transaction of a step of the schema, before COMMIT.
    case midMigration = "migrate:step"
    /// Between two steps of the schema.
    case betweenMigrations = "migrate:done"

    package static let variable = "CHARTER_FAILPOINT"

    /// How often the point that the environment names was reached.
    private static let reached = Mutex(0)

    /// Does what the environment asks of this point.
    package func reach() {
        guard let order = Self.order, order.point == rawValue else { return }
        let count = Self.reached.withLock { count in
            count += 1
            return count
        }
        if count == order.turn { kill(getpid(), order.signal) }
    }

    private static var order: (point: Substring, turn: Int, signal: Int32)? {
        guard let text = getenv(variable).map({ String(cString: $0) }) else { return nil }
        let parts = text.split(separator: "=", maxSplits: 1)
        guard let place = parts.first?.split(separator: "@", maxSplits: 1), let point = place.first else { return nil }
        let turn = place.count == 2 ? Int(place[1]) : 1
        return (point, turn ?? 1, parts.count == 2 && parts[1] == "stop" ? SIGSTOP : SIGKILL)
    }
}
