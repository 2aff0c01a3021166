internal import Spec

/// Whether a loop is alive and of use, judged by what stands on its board; a value.
struct WatchHealth: Sendable {
    /// How long ago the loop turned.
    var silence: Duration
    var posting: WatchBoard.Posting
    var now = ContinuousClock.now
    /// Whether faults say what PostgreSQL or the remote said.
    var tellsReasons = true

    /// Longer than the longest thing that the loop does without turning: the transaction of an apply, and reading a large repository before it.
    static let silenceMax = ReconcileSession.applyTimeout + .seconds(180)
    /// How long a database may not answer before the loop is not ready.
    static let reportAgeMax = Duration.seconds(30)

    var isAlive: Bool { silence <= Self.silenceMax }

    /// What makes the loop useless for now; empty when it leads, or stands by for one that does.
    var faults: [String] {
        var faults: [String] = []
        if !isAlive { faults.append("the loop has not turned for \(silence.wholeSeconds) s") }
        let reason = tellsReasons ? posting.trouble.map { ": \($0)" } ?? "" : ""
        guard let at = posting.reportedAt else { return faults + ["PostgreSQL was not reached yet\(reason)"] }
        let age = at.duration(to: now)
        if age > Self.reportAgeMax { faults.append("PostgreSQL has not answered for \(age.wholeSeconds) s\(reason)") }
        return faults
    }

    var healthJSON: JSONTree {
        .object([("status", .string(isAlive ? "ok" : "stuck")), ("last_turn_seconds", .int(silence.wholeSeconds))])
    }

    var readinessJSON: JSONTree {
        .object([
            ("ready", .bool(faults.isEmpty)), ("unit", .string(posting.unit)), ("leads", .bool(posting.leads)),
            ("faults", .array(faults.map(JSONTree.string))),
        ])
    }
}

extension Duration {
    var wholeSeconds: Int64 { components.seconds }
}
