internal import Synchronization

/// How many bytes of bodies the exchanges of a process may hold together, answers that wait for their readers included:
/// connections alone are no bound, as each may carry a body of the longest kind. Asked with each body, from any loop.
package final class BodyBudget: Sendable {
    package let bytesMax: Int
    private let held = Atomic(0)

    package init(bytesMax: Int = .max) { self.bytesMax = bytesMax }

    /// Bytes held now.
    package var bytes: Int { held.load(ordering: .relaxed) }

    /// Takes room for `count` bytes more; false, and nothing taken, where there is none.
    func take(_ count: Int) -> Bool {
        if held.wrappingAdd(count, ordering: .relaxed).newValue <= bytesMax { return true }
        release(count)
        return false
    }

    func release(_ count: Int) { held.wrappingSubtract(count, ordering: .relaxed) }
}
