internal import Store

/// How far one process has looked at requests that have a commit and no end.
struct ChangeSettlement {
    /// Whether what was asked for is applied.
    var committed = RequestTurns(.committed)
    var proposed = RequestTurns(.proposed)
    /// Whether the branches of proposals are there.
    var branches = RequestTurns(.proposed)
    /// Tells how long a round has taken.
    var now: () -> ContinuousClock.Instant = { .now }
    /// Up to which applied commit each proposal was looked for.
    private var examined: [String: ObjectID] = [:]
    /// Proposals that ended without what they asked for, of which nobody was told.
    private var dropped: [ChangeRequest] = []

    /// Whether some have not had their turn since something was applied.
    var isOwed: Bool { committed.isOwed || proposed.isOwed }

    mutating func restart() {
        committed.restart()
        proposed.restart()
    }

    func examined(_ request: ChangeRequest) -> ObjectID? { examined[request.uid] }

    mutating func note(_ request: ChangeRequest, examinedUpTo commit: ObjectID?) { examined[request.uid] = commit }

    mutating func noteDropped(_ request: ChangeRequest) {
        examined[request.uid] = nil
        dropped.append(request)
    }

    mutating func takeDropped() -> [ChangeRequest] {
        defer { dropped = [] }
        return dropped
    }
}
