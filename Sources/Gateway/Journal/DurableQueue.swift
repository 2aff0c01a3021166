internal import HTTP

/// What waits on one loop until the disk has a part of its journal; confined to the loop's thread.
struct DurableQueue {
    /// By the loop's bytes that must be on the disk; they only grow, so the first to come is the first to go.
    private var waiting: [Waiter] = []

    private struct Waiter {
        var mark: Int
        var deadline: MonotonicInstant
        var action: (Bool) -> Void
    }

    /// What the one that has waited longest needs.
    var firstMark: Int? { waiting.first?.mark }

    mutating func append(mark: Int, deadline: MonotonicInstant, _ action: @escaping (Bool) -> Void) {
        waiting.append(Waiter(mark: mark, deadline: deadline, action: action))
    }

    /// Takes out what waits for at most `mark` bytes.
    mutating func take(upTo mark: Int) -> [(Bool) -> Void] {
        let count = waiting.firstIndex { $0.mark > mark } ?? waiting.count
        defer { waiting.removeFirst(count) }
        return waiting[..<count].map(\.action)
    }

    /// Takes out what has waited for too long.
    mutating func takeLate(_ now: MonotonicInstant) -> [(Bool) -> Void] {
        let count = waiting.firstIndex { $0.deadline > now } ?? waiting.count
        defer { waiting.removeFirst(count) }
        return waiting[..<count].map(\.action)
    }
}
