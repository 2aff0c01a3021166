package import Spec

/// What open requests hold of counters with a window, by counter and the beginning of the window, or of the part of one that rolls.
package struct CounterHolds: Sendable {
    fileprivate var amounts: [CellKey: [Instant: Int64]] = [:]

    package init() {}

    package var isEmpty: Bool { amounts.isEmpty }

    fileprivate mutating func add(_ amount: Int64, to key: CellKey, at start: Instant) {
        let (sum, overflow) = (amounts[key]?[start] ?? 0).addingReportingOverflow(amount)
        amounts[key, default: [:]][start] = overflow ? .max : sum
    }
}

/// What open requests hold of a budget.
package struct BudgetHold: Sendable {
    package var counter: BudgetCounter
    /// The beginning of the window, or of the part of one that rolls.
    package var start: Instant
    /// In nano-USD, tokens or requests; above zero.
    package var amount: Int64
}

extension CellTable {
    /// Adds what some of the open requests hold, from a place on. Returns where to go on, and nil after the last of them, so that
    /// who guards the table may let others in between; requests that come and go meanwhile are seen once, twice or not at all.
    package func add(to holds: inout CounterHolds, from place: Int, visits: Int = Self.holdVisits) -> Int? {
        let end = min(place + visits, openReservations.count)
        for reservation in openReservations[min(place, end)..<end] {
            for hold in reservation?.holds ?? [] where hold.ask > 0 {
                guard let (key, start) = counted(hold) else { continue }
                holds.add(hold.ask, to: key, at: start)
            }
        }
        return end < openReservations.count ? end : nil
    }

    /// Some tens of microseconds of work.
    package static let holdVisits = 128

    /// Nil for what has no window, and for what is counted nowhere any more.
    private func counted(_ hold: Hold) -> (CellKey, Instant)? {
        switch hold.place {
        case .gauge: return nil
        case .ring(let index, let serial, let slot):
            let ring = rings.counters[Int(index)]
            guard ring.serial == serial, let key = rings.key(at: index) else { return nil }
            return (key, Instant(milliseconds: slot * ring.shape.slotLength))
        case .account(let index, let start): return accounts.key(at: index).map { ($0, start) }
        }
    }
}

extension Snapshot {
    /// What is held of declared budgets, of limits that share a counter with one too.
    package func budgetHolds(_ holds: CounterHolds, now: Instant) -> [BudgetHold] {
        guard !holds.isEmpty else { return [] }
        return budgetCounters(now: now, keptIn: { holds.amounts[$0] != nil }).flatMap { counter in
            (holds.amounts[counter.key] ?? [:]).map { BudgetHold(counter: counter, start: $0.key, amount: $0.value) }
        }
    }
}
