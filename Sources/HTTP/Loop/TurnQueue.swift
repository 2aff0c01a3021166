/// The places of handlers with work that nobody has begun, when there may be more of it than a turn of the loop takes.
///
/// Where there is, what came last is begun first: under a load that lasts, whoever has waited longest has most likely given up, and who
/// serves in order of arrival then serves nobody in time. Who has waited for `patience` is told so. A place keeps nobody alive: those who
/// have gone leave one that is passed over.
struct TurnQueue {
    private struct Place {
        var holder: Registration
        var since: MonotonicInstant
    }

    private var places: [Place] = []
    /// Those before it have been taken.
    private var first = 0
    /// The holders of this turn, in the order of their being taken.
    private var turn: [Registration] = []
    private var taken = 0
    private var isNewestFirst = false
    /// Those who wait, without those who have gone.
    private var waiting = 0

    /// Begun in one turn, so that what is under way comes to its end in between; a journal's write is shared by as many.
    static let turnMax = 64
    /// Longer than any burst that can be served, shorter than clients are patient.
    static let patience = Duration.seconds(2)
    /// Another where the time is not what a test is about.
    var patience = TurnQueue.patience

    var isEmpty: Bool { first == places.count && taken == turn.count }

    /// Whether more wait than a turn takes, or did when this one began.
    var isBehind: Bool { isNewestFirst || waiting > Self.turnMax }

    mutating func append(_ holder: Registration, at now: MonotonicInstant) {
        places.append(Place(holder: holder, since: now))
        waiting += 1
    }

    /// One of those who wait has its turn, or has gone.
    mutating func left() { waiting -= 1 }

    /// One that has waited for too long at `now`; ask this before `beginTurn`, at most `turnMax` times.
    mutating func nextLate(_ now: MonotonicInstant, where isThere: (Registration) -> Bool) -> Registration? {
        defer { tidy() }
        while first < places.count, now - places[first].since >= patience {
            first += 1
            if isThere(places[first - 1].holder) { return places[first - 1].holder }
        }
        return nil
    }

    /// Chooses who has its turn; who comes meanwhile waits for the next.
    mutating func beginTurn(where isThere: (Registration) -> Bool) {
        turn.removeAll(keepingCapacity: true)
        taken = 0
        isNewestFirst = waiting > Self.turnMax
        while turn.count < Self.turnMax, first < places.count {
            let holder = isNewestFirst ? places.removeLast().holder : takeFirst()
            if isThere(holder) { turn.append(holder) }
        }
        tidy()
    }

    /// The next one of this turn.
    mutating func next() -> Registration? {
        guard taken < turn.count else { return nil }
        taken += 1
        return turn[taken - 1]
    }

    private mutating func takeFirst() -> Registration {
        first += 1
        return places[first - 1].holder
    }

    /// Lets go of the places that were taken, once there are many.
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
