/// Handlers with work that nobody has begun, when there may be more of it than a turn of the loop takes.
///
/// Where there is, what came last is begun first: under a load that lasts, whoever has waited longest has most likely given up, and who
/// serves in order of arrival then serves nobody in time. Who has waited for `patience` is told so.
struct TurnQueue {
    private struct Place {
        var handler: any EventHandler
        var since: MonotonicInstant
    }

    private var places: [Place] = []
    /// Those before it have been taken.
    private var first = 0
    private var leftOfTurn = 0
    private var isNewestFirst = false

    /// Begun in one turn, so that what is under way comes to its end in between; a journal's write is shared by as many.
    static let turnMax = 64
    /// Longer than any burst that can be served, shorter than clients are patient.
    static let patience = Duration.seconds(2)
    /// Another where the time is not what a test is about.
    var patience = TurnQueue.patience

    var isEmpty: Bool { first == places.count }

    mutating func append(_ handler: any EventHandler, at now: MonotonicInstant) {
        places.append(Place(handler: handler, since: now))
    }

    /// One that has waited for too long at `now`; ask this before `beginTurn`, at most `turnMax` times.
    mutating func nextLate(_ now: MonotonicInstant) -> (any EventHandler)? {
        guard first < places.count, now - places[first].since >= patience else { return nil }
        return takeFirst()
    }

    mutating func beginTurn() {
        let count = places.count - first
        leftOfTurn = min(count, Self.turnMax)
        isNewestFirst = count > Self.turnMax
    }

    /// The next one of this turn.
    mutating func next() -> (any EventHandler)? {
        guard leftOfTurn > 0 else { return nil }
        leftOfTurn -= 1
        guard isNewestFirst else { return takeFirst() }
        defer { tidy() }
        return places.removeLast().handler
    }

    private mutating func takeFirst() -> any EventHandler {
        defer { tidy() }
        first += 1
        return places[first - 1].handler
    }

    /// Lets go of those that were taken, once there are many.
    private mutating func tidy() {
        if first == places.count {
            places.removeAll(keepingCapacity: true)
            first = 0
        } else if first > Self.turnMax, first > places.count / 2 {
            places.removeFirst(first)
            first = 0
        }
    }
}
