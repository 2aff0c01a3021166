internal import Policy
internal import Synchronization

/// Has shipping stop at a known place for a moment, so that the ledger holds all charges up to there and none after.
final class ShippingStop: Sendable {
    /// By loop, where the records of all charges up to a generation end.
    struct Ends {
        var generation: ChargeGeneration
        var ends: [Int: JournalEnd]
    }

    /// What who ships is to do.
    enum Wish {
        case goOn
        case pause
        case shipUpTo(Ends)
    }

    private struct State {
        var wish = Wish.goOn
        /// Whether it is done.
        var isMet = false
    }

    private let state = Mutex(State())

    /// Ships nothing more, so that an end that is looked for now is not behind what is shipped.
    func pause() { state.withLock { $0 = State(wish: .pause) } }

    /// Ships up to `ends`, and waits there.
    func shipUpTo(_ ends: Ends) { state.withLock { $0 = State(wish: .shipUpTo(ends)) } }

    func release() { state.withLock { $0 = State() } }

    /// Whether what was asked for last is done.
    var isMet: Bool { state.withLock { $0.isMet } }

    // MARK: for who ships

    var wish: Wish { state.withLock { $0.wish } }

    func paused() {
        state.withLock { state in
            if case .pause = state.wish { state.isMet = true }
        }
    }

    func reached(_ ends: Ends) {
        state.withLock { state in
            if case .shipUpTo(let wanted) = state.wish, wanted.generation == ends.generation { state.isMet = true }
        }
    }
}
