internal import Dispatch
internal import Synchronization

extension Array where Element: Sendable {
    /// The same as `map`, on every core; one task after another takes the next `perTask` elements.
    func mapConcurrently<Result: Sendable>(
        perTask: Int = 1, _ transform: @Sendable (Element) -> Result
    ) -> [Result] {
        let tasks = (count + perTask - 1) / perTask
        guard tasks > 1 else { return map(transform) }
        let parts = Mutex<[[Result]?]>(Array<[Result]?>(repeating: nil, count: tasks))
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
            let part = self[task * perTask..<Swift.min(count, (task + 1) * perTask)].map(transform)
            parts.withLock { $0[task] = part }
        }
        return parts.withLock { parts in parts.flatMap { $0 ?? [] } }
    }
}
