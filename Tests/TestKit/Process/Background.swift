internal import Dispatch
internal import Synchronization

/// Work on a thread of its own, so that tests may block without holding up the few threads that run tasks.
package final class Background<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, any Error>?>(nil)
    private let group = DispatchGroup()

    package init(_ body: @escaping @Sendable () throws -> Value) {
        group.enter()
        DispatchQueue(label: "charter.test.background").async { [self] in
            let result = Result { try body() }
            outcome.withLock { $0 = result }
            group.leave()
        }
    }

    /// Blocks until the work is done, and gives its value or its error.
    package func value(within bound: Duration = .seconds(60)) throws -> Value {
        let deadline = DispatchTime.now() + .milliseconds(Int(bound / .milliseconds(1)))
        guard group.wait(timeout: deadline) == .success, let result = outcome.withLock({ $0 }) else {
            throw NeverCameTrue(what: "work in the background is done", bound: bound)
        }
        return try result.get()
    }
}

/// Runs the body for 0, 1, … up to `count` at the same time, each on a thread of its own; gives the values in that order.
@discardableResult
package func inParallel<Value: Sendable>(
    _ count: Int, within bound: Duration = .seconds(60), _ body: @escaping @Sendable (Int) throws -> Value
) throws -> [Value] {
    let work = (0..<count).map { index in Background { try body(index) } }
    return try work.map { try $0.value(within: bound) }
}
