/// How the loop of `charter watch` paces itself.
package struct WatchSettings: Sendable {
    /// Between two looks at the branch. A local look costs a fraction of a millisecond; a remote one costs a process and a connection.
    package var poll: Duration
    /// Up to this share of the pause is added at random, so that many reconcilers do not ask in step.
    package var jitter = 0.2
    package var leaseTTL: Duration
    /// In place of the repository's own `driftInterval`.
    package var driftInterval: Duration?
    package var logsJSON = false
    /// What moves, for the log.
    package var unit = ReconcileSession.defaultUnit
    /// The file of what must be shown to read the status from another machine.
    package var tokenFile: String?
    /// Where the status is served, for the log.
    package var listensOn: String?
    /// The longest pause after repeated failures.
    package var backoffMax = Duration.seconds(30)
    /// The same for PostgreSQL, which is near and ours, and after whose return nobody should wait.
    package var databaseBackoffMax = Duration.seconds(5)

    /// For so long what became of a change is kept once it is over.
    package var changeRetention = Duration.seconds(365 * 86_400)
    /// Between two looks at the branches of proposals: seldom where the branch that is enforced is asked for seldom, as a remote's is for the
    /// connection that each look costs.
    package var proposalPause: Duration { poll < Self.remotePoll ? .seconds(2) : .seconds(30) }

    package static let localPoll = Duration.milliseconds(200)
    package static let remotePoll = Duration.seconds(5)

    /// The pause before the next look at the branch; `draw` is within 0..<1.
    func pause(draw: Double) -> Duration { poll * (1 + jitter * draw) }

    package init(poll: Duration, leaseTTL: Duration = ReconcileSession.leaseTTL) {
        self.poll = poll
        self.leaseTTL = leaseTTL
    }
}
