internal import Synchronization

/// Bounds the connections that several loops make to one upstream together.
///
/// Asked only when a connection is made, waited for or closed. A call over a connection that is there reads one flag.
package final class ConnectionBudget: Sendable {
    package let max: Int

    private struct State {
        /// Connections that are being made or stand, by loop.
        var held: [ObjectIdentifier: Int] = [:]
        /// Loops with calls that wait, in the order of coming; each once.
        var seekers: [LoopRemote] = []
        /// Loops that may hold connections.
        var members: [LoopRemote] = []

        var used: Int { held.values.reduce(0, +) }
    }

    private let state = Mutex(State())
    private let isSought = Atomic<Bool>(false)

    package init(max: Int) { self.max = max }

    /// Connections that are being made or stand.
    package var used: Int { state.withLock { $0.used } }

    func join(_ remote: LoopRemote) {
        state.withLock { state in
            if !state.members.contains(where: { $0 === remote }) { state.members.append(remote) }
        }
    }

    /// Takes a place for a connection. Where there is none, the other loops are asked to close an idle one, and this loop
    /// hears `Client.placeCameFree` once one is free.
    func take(for remote: LoopRemote) -> Bool {
        let others: [LoopRemote]? = state.withLock { state in
            if state.used < max {
                state.held[ObjectIdentifier(remote), default: 0] += 1
                return nil
            }
            if !state.seekers.contains(where: { $0 === remote }) { state.seekers.append(remote) }
            isSought.store(true, ordering: .relaxed)
            return state.members.filter { $0 !== remote }
        }
        guard let others else { return true }
        for other in others { other.post { loop in self.client(on: loop)?.closeOneIdle() } }
        return false
    }

    func giveBack(from remote: LoopRemote) {
        state.withLock { $0.held[ObjectIdentifier(remote), default: 1] -= 1 }
        wakeNext()
    }

    /// Wakes the loop that has waited longest, if there is a place. A loop that needs nothing any more passes the word on.
    func wakeNext() {
        let next: LoopRemote? = state.withLock { state in
            guard state.used < max, !state.seekers.isEmpty else { return nil }
            let next = state.seekers.removeFirst()
            isSought.store(!state.seekers.isEmpty, ordering: .relaxed)
            return next
        }
        guard let next else { return }
        let isPosted = next.post { loop in
            if let client = self.client(on: loop) { client.placeCameFree() } else { self.wakeNext() }
        }
        // A loop that has ended needs no place.
        if !isPosted { wakeNext() }
    }

    /// Whether `remote` should close a connection rather than go on with it, because a loop waits that holds less than an
    /// equal share.
    func isOwed(by remote: LoopRemote) -> Bool {
        guard isSought.load(ordering: .relaxed) else { return false }
        return state.withLock { state in
            let share = Swift.max(1, max / Swift.max(1, state.members.count))
            return state.seekers.contains { $0 !== remote && state.held[ObjectIdentifier($0), default: 0] < share }
        }
    }

    /// Whether another loop than that of `remote` waits, whatever it holds: no connection is worth keeping idle then.
    func isSought(besides remote: LoopRemote) -> Bool {
        guard isSought.load(ordering: .relaxed) else { return false }
        return state.withLock { state in state.seekers.contains { $0 !== remote } }
    }

    private func client(on loop: EventLoop) -> Client? {
        loop.kept(BoundedClients.self)?.clients[ObjectIdentifier(self)]
    }
}

/// The clients of one loop that share budgets with those of other loops.
final class BoundedClients {
    fileprivate var clients: [ObjectIdentifier: Client] = [:]

    static func add(_ client: Client, under budget: ConnectionBudget, on loop: EventLoop) {
        let all = loop.kept(BoundedClients.self) ?? BoundedClients()
        all.clients[ObjectIdentifier(budget)] = client
        loop.keep(all)
        budget.join(loop.remote)
    }

    static func remove(_ budget: ConnectionBudget, on loop: EventLoop) {
        loop.kept(BoundedClients.self)?.clients[ObjectIdentifier(budget)] = nil
    }
}
