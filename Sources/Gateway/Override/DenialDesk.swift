internal import Policy
internal import Synchronization

/// Lays denials over the state that every loop enforces, so that one holds before anything is read or compiled. Safe from every thread.
///
/// All states go to the loops through here, each with all denials known at that moment, so none is lost between two threads.
final class DenialDesk: Sendable {
    typealias Posting = @Sendable (EnforcedState) -> LoopRound

    private struct Held {
        /// Without denials; nil before the first.
        var state: EnforcedState?
        var post: Posting?
        /// As PostgreSQL told of them.
        var shared: [Denial] = []
        /// Taken by this gateway's own call.
        var own: [Denial] = []

        /// Has every loop take the state; nil before there is one.
        func posted() -> LoopRound? {
            guard let state, let post else { return nil }
            let denials = own + shared
            return post(denials.isEmpty ? state : state.with(state.snapshot.denying(denials)))
        }
    }

    private let held = Mutex(Held())

    /// Has every loop take a state.
    func install(_ state: EnforcedState, _ post: @escaping Posting) -> LoopRound? {
        held.withLock { held in
            held.state = state
            held.post = post
            return held.posted()
        }
    }

    /// Nil where nothing changes, or nothing is enforced yet.
    func deny(shared: [Denial]) -> LoopRound? {
        held.withLock { held in
            guard held.shared != shared else { return nil }
            held.shared = shared
            return held.posted()
        }
    }

    /// Nil where nothing changes, or nothing is enforced yet. The list is asked for when no other can be laid over it any more.
    func deny(own denials: () -> [Denial]) -> LoopRound? {
        held.withLock { held in
            let own = denials()
            guard held.own != own else { return nil }
            held.own = own
            return held.posted()
        }
    }
}
