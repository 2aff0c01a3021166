internal import Glibc

/// A condition that did not come true in time.
package struct NeverCameTrue: Error, CustomStringConvertible {
    package let what: String
    package let bound: Duration

    package var description: String { "not within \(bound): \(what)" }
}

/// Asks again and again until `condition` holds, for at most `bound`; an error thrown by it counts as not yet.
package func eventually(
    within bound: Duration, _ what: @autoclosure () -> String = "the condition", _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + bound
    while true {
        if (try? await condition()) == true { return }
        guard ContinuousClock.now < deadline else { throw NeverCameTrue(what: what(), bound: bound) }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// The same where nothing can be awaited: blocks the thread.
package func eventually(within bound: Duration, _ what: @autoclosure () -> String = "the condition", _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + bound
    while true {
        if (try? condition()) == true { return }
        guard ContinuousClock.now < deadline else { throw NeverCameTrue(what: what(), bound: bound) }
        usleep(5000)
    }
}
