internal import Spec

/// A sliding window cut into slots: what was admitted within any span as long as the window never exceeds the bound.
struct Ring: Sendable {
    let shape: RingShape
    /// Tells this ring from another that had its place before.
    let serial: UInt32
    private var counts: [Int64]
    /// Number of the newest slot, counted from 1970.
    private var newest: Int64
    /// Of all counted slots.
    private(set) var sum: Int64 = 0
    /// What resets have forgiven of the ledger's sums, by slot.
    private var credits: [Int64: Int64] = [:]

    init(shape: RingShape, serial: UInt32, now: Instant) {
        self.shape = shape
        self.serial = serial
        counts = [Int64](repeating: 0, count: shape.slots)
        newest = now.milliseconds.dividedDown(by: shape.slotLength)
    }

    /// Forgets the slots that have left the window.
    mutating func advance(to now: Instant) {
        let current = now.milliseconds.dividedDown(by: shape.slotLength)
        if current <= newest {
            if newest - current > Int64(shape.slots) { restart(at: current) }
            return
        }
        if current - newest >= Int64(shape.slots) {
            if sum != 0 { clear() }
        } else {
            for slot in newest + 1...current { drop(slot) }
        }
        newest = current
    }

    /// How long until `ask` fits under `bound` if nothing else happens; zero where it fits, nil where it never does.
    func wait(for ask: Int64, under bound: Int64, now: Instant) -> Int64? {
        guard ask <= bound else { return nil }
        guard sum > bound - ask else { return 0 }
        var rest = sum
        for slot in oldest...newest {
            rest -= counts[position(slot)]
            if rest <= bound - ask { return end(of: slot) - now.milliseconds }
        }
        return end(of: newest) - now.milliseconds
    }

    /// Counts into the newest slot, whose number is returned.
    mutating func add(_ amount: Int64) -> Int64 {
        counts[position(newest)] += amount
        sum += amount
        return newest
    }

    /// Corrects what was counted into a slot; what has left the window no longer matters.
    mutating func adjust(slot: Int64, by difference: Int64) {
        guard slot >= oldest, slot <= newest else { return }
        let index = position(slot)
        // Below zero only where the clock went back and the counts moved: then what is left stays counted.
        let change = max(difference, -counts[index])
        counts[index] += change
        sum += change
    }

    /// Takes what the ledger has for the slot in which `at` lies; what is counted here already is not lowered.
    mutating func load(_ amount: Int64, at: Instant) {
        let slot = at.milliseconds.dividedDown(by: shape.slotLength)
        guard slot >= oldest, slot <= newest else { return }
        adjust(slot: slot, by: max(0, amount - (credits[slot] ?? 0) - counts[position(slot)]))
    }

    /// Takes what resets have forgiven by now, in all, of the slot in which `at` lies; it leaves the window with what it is of.
    mutating func take(credit: Int64, at: Instant) {
        let slot = at.milliseconds.dividedDown(by: shape.slotLength)
        guard slot >= oldest, slot <= newest else { return }
        credits = credits.filter { $0.key >= oldest && $0.key <= newest }
        let known = credits.updateValue(credit, forKey: slot) ?? 0
        adjust(slot: slot, by: known - credit)
    }

    /// Whether forgetting it loses nothing.
    var isIdle: Bool { sum == 0 && !credits.keys.contains { $0 >= oldest } }

    /// When the oldest of what is counted leaves the window.
    var firstRelease: Instant {
        Instant(milliseconds: end(of: (oldest...newest).first { counts[position($0)] != 0 } ?? newest))
    }

    /// Milliseconds until nothing is counted any more.
    func emptyAfter(_ now: Instant) -> Int64 {
        guard sum != 0 else { return 0 }
        let last = (oldest...newest).last { counts[position($0)] != 0 } ?? newest
        return max(0, end(of: last) - now.milliseconds)
    }

    private var oldest: Int64 { newest - Int64(shape.slots) + 1 }

    /// When a slot leaves the window.
    private func end(of slot: Int64) -> Int64 { (slot + Int64(shape.slots)) * shape.slotLength }

    private func position(_ slot: Int64) -> Int {
        let remainder = Int(slot % Int64(shape.slots))
        return remainder < 0 ? remainder + shape.slots : remainder
    }

    private mutating func drop(_ slot: Int64) {
        let index = position(slot)
        sum -= counts[index]
        counts[index] = 0
    }

    private mutating func clear() {
        for index in counts.indices { counts[index] = 0 }
        sum = 0
    }

    /// The clock went back by more than a window: everything counts as of now, so that nothing is forgiven and nobody
    /// waits for longer than one window.
    private mutating func restart(at current: Int64) {
        let kept = sum
        clear()
        newest = current
        _ = add(kept)
    }
}
