package import Spec

/// What a declared budget counts in, whether or not a key falls under it, with all that is needed to find its sum in the ledger.
package struct BudgetCounter: Sendable {
    /// The Budget, or what else declares it.
    package let resource: ResourceKey
    /// Under which it is kept.
    package let uid: String
    package let orgUID: String
    /// Tells apart the counters of one uid: `usd/month@Europe/Berlin`, `tokens/7d rolling`.
    package let name: String
    /// Whose usage counts and at which models, by uid and names; empty where it is all usage of what `uid` names.
    package let subjectText: String
    package let subject: CountedSubject
    /// Only usage of these models, or asked for by these names, counts; globs over both; nil for all.
    package let models: [String]?
    package let meter: DurableCell.Meter
    /// The present one. Of a window that rolls, from the beginning of the oldest part that counts to the end of the newest.
    package let window: CalendarWindow
    /// Milliseconds of each part of a window that rolls; nil where all of it ends at once.
    package var part: Int64? { shape?.slotLength }
    /// As an author would write it.
    package let text: String
    /// Beyond which it refuses; nil where it never does.
    package let amount: Int64?
    let key: CellKey
    let shape: RingShape?
    let cell: DurableCell?

    /// Until when a part that began at `start` counts.
    package func end(ofPart start: Instant) -> Instant {
        shape.map { Instant(milliseconds: start.milliseconds + $0.slotLength * Int64($0.slots)) } ?? window.end
    }
}

/// What resets have forgiven of one part of a budget's counter.
package struct CounterCredit: Sendable {
    package var counter: BudgetCounter
    /// The beginning of the part, or of the window.
    package var start: Instant
    /// In all, up to now.
    package var amount: Int64

    package init(counter: BudgetCounter, start: Instant, amount: Int64) {
        self.counter = counter
        self.start = start
        self.amount = amount
    }
}

extension Snapshot {
    /// The counters of budgets that are declared by resources for which `isWanted`, by their keys and uids. Budgets of minted
    /// keys are not among them but where the snapshot has those keys.
    package func budgetCounters(now: Instant, where isWanted: (ResourceKey, String) -> Bool) -> [BudgetCounter] {
        budgetCounters(now: now, keptIn: { _ in true }, where: isWanted)
    }

    /// The same, of those whose cells are wanted too.
    func budgetCounters(
        now: Instant, keptIn isCellWanted: (CellKey) -> Bool, where isWanted: (ResourceKey, String) -> Bool = { _, _ in true }
    ) -> [BudgetCounter] {
        let orgUIDs = Dictionary(graph.orgs.map { ($0.name, $0.uid) }) { first, _ in first }
        var seen: Set<CellKey> = []
        return graph.bounds.compactMap { bound in
            // One for a key that is not declared has no subject and no key is under it.
            guard bound.isDeclaredAsBudget, bound.subject >= 0, isCellWanted(bound.cell) else { return nil }
            let entry = graph.register.entries[Int(bound.counter)]
            guard isWanted(entry.key, entry.uid), let orgUID = entry.key.org.flatMap({ orgUIDs[$0] }),
                seen.insert(bound.cell).inserted
            else { return nil }
            return counter(of: bound, entry.key, orgUID: orgUID, now: now)
        }
    }

    private func counter(of bound: Bound, _ resource: ResourceKey, orgUID: String, now: Instant) -> BudgetCounter? {
        let meter = bound.quantity.meter
        let (name, window, shape, cell): (String, CalendarWindow, RingShape?, DurableCell?)
        switch bound.counting {
        case .gauge: return nil
        case .ring(let ring):
            name = meter.rawValue + "/" + Duration.milliseconds(ring.length).text + " rolling"
            (window, shape, cell) = (ring.window(around: now), ring, nil)
        case .calendar(let sort, let zone):
            let durable = durableCell(of: bound, model: nil)
            window = graph.zones[Int(zone)].window(sort, starts: bound.starts, around: now)
            (name, shape, cell) = (durable.name, nil, durable)
        }
        let whole = bound.marks < 0 ? bound.amount : graph.budgetMarks[Int(bound.marks)].whole
        return BudgetCounter(
            resource: resource, uid: graph.register.entries[Int(bound.counter)].uid, orgUID: orgUID, name: name,
            subjectText: graph.subjectText(of: bound), subject: countedSubject(of: bound, orgUID: orgUID),
            models: bound.pattern < 0 ? nil : graph.names(ofPattern: bound.pattern), meter: meter, window: window,
            text: bound.text(whole), amount: bound.isEndless ? nil : bound.amount, key: bound.cell, shape: shape, cell: cell)
    }
}

extension CellTable {
    /// Takes what was forgiven of counters. A credit that is known already changes nothing, and one of another window than the
    /// present or the last is passed over.
    package mutating func take(_ credits: [CounterCredit], now: Instant) {
        for credit in credits {
            let counter = credit.counter
            if let shape = counter.shape {
                let place = rings.place(of: counter.key) ?? insertRing(shape, for: counter.key, now: now)
                rings.counters[Int(place)].advance(to: now)
                rings.counters[Int(place)].take(credit: credit.amount, at: credit.start)
            } else if let cell = counter.cell, let place = accounts.place(of: counter.key) ?? insert(cell, counter.key, now: now) {
                accounts.counters[Int(place)].advance(to: now)
                accounts.counters[Int(place)].take(credit: credit.amount, start: credit.start)
            }
        }
    }
}
