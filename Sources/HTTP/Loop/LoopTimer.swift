/// An alarm that can be set, moved and switched off at next to no cost.
///
/// Moving the deadline later touches no heap: the entry fires at its old time, sees that it is early, and goes back.
/// So a connection keeps one alarm for its whole life and moves it with every message.
final class LoopTimer {
    /// What happens at the deadline. Runs on the loop's thread.
    fileprivate(set) var action: () -> Void
    /// When to fire; `never` while off.
    fileprivate(set) var deadline = MonotonicInstant.never
    /// Where the heap has it sorted; never later than `deadline`.
    fileprivate var sortedAt = MonotonicInstant.never
    /// Index in the heap, or -1.
    fileprivate var index = -1

    init(_ action: @escaping () -> Void) { self.action = action }

    /// Moves the deadline without the heap; false when the heap must place the timer.
    func move(to deadline: MonotonicInstant) -> Bool {
        guard index >= 0, sortedAt <= deadline else { return false }
        self.deadline = deadline
        return true
    }
}

/// What `EventLoop.schedule` hands out.
package struct TimerHandle {
    let timer: LoopTimer
    let loop: EventLoop

    /// Stops the timer; does nothing when it has fired already.
    package func cancel() { loop.discard(timer) }
}

/// A binary heap of timers by the time they are sorted at.
struct TimerHeap {
    private var entries: [LoopTimer] = []

    /// When the next timer may fire; nil when there is none.
    var next: MonotonicInstant? { entries.first?.sortedAt }
    var count: Int { entries.count }

    mutating func set(_ timer: LoopTimer, at deadline: MonotonicInstant) {
        if timer.move(to: deadline) { return }
        timer.deadline = deadline
        timer.sortedAt = deadline
        if timer.index < 0 {
            timer.index = entries.count
            entries.append(timer)
        }
        siftUp(timer.index)
    }

    /// Switches the timer off. Its entry leaves the heap when its time comes.
    func switchOff(_ timer: LoopTimer) { timer.deadline = .never }

    /// Switches the timer off, takes its entry out of the heap at once, and drops what it would have done.
    mutating func remove(_ timer: LoopTimer) {
        timer.deadline = .never
        timer.action = {}
        if timer.index >= 0 { takeOut(timer.index) }
    }

    /// Takes out one timer that is due at `now`; nil when none is.
    mutating func popDue(_ now: MonotonicInstant) -> LoopTimer? {
        while let first = entries.first, first.sortedAt <= now {
            takeOut(0)
            let deadline = first.deadline
            if deadline <= now {
                first.deadline = .never
                return first
            }
            if deadline != .never { set(first, at: deadline) }
        }
        return nil
    }

    private mutating func takeOut(_ index: Int) {
        let last = entries.removeLast()
        if index < entries.count {
            entries[index].index = -1
            entries[index] = last
            last.index = index
            siftUp(index)
            siftDown(last.index)
        } else {
            last.index = -1
        }
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            if entries[parent].sortedAt <= entries[index].sortedAt { return }
            swap(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var child = 2 * index + 1
            guard child < entries.count else { return }
            if child + 1 < entries.count, entries[child + 1].sortedAt < entries[child].sortedAt { child += 1 }
            if entries[index].sortedAt <= entries[child].sortedAt { return }
            swap(index, child)
            index = child
        }
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        entries.swapAt(left, right)
        entries[left].index = left
        entries[right].index = right
    }
}
