package import Spec

/// A counter over the last hour, to load from the ledger's rows: the one sliding window so long that a restart would show.
package struct SlidingSeed: Hashable, Sendable {
    let key: CellKey
    let shape: RingShape
    package let orgUID: String
    package let subject: CountedSubject
    package let meter: DurableCell.Meter
    /// Whether there is one counter for every name that was asked for.
    package let isPerModel: Bool

    /// How far back usage counts.
    package var milliseconds: Int64 { shape.slotLength * Int64(shape.slots) }
}

/// What the ledger knows of one stretch of a sliding window.
package struct SlidingCount: Hashable, Sendable {
    package var seed: SlidingSeed
    /// The requested name, where every model has its own counter.
    package var model: String?
    /// A moment within the slot that counted it.
    package var at: Instant
    package var amount: Int64

    package init(seed: SlidingSeed, model: String? = nil, at: Instant, amount: Int64) {
        self.seed = seed
        self.model = model
        self.at = at
        self.amount = amount
    }
}

extension Snapshot {
    /// Every limit over the last hour; a budget over one is added up as others that roll are. Shorter windows are over before a
    /// gateway has started again.
    package func slidingSeeds() -> [SlidingSeed] {
        distinctBounds { bound, org in
            guard bound.counting == .ring(.hour), !bound.isBudget, !bound.isEndless else { return nil }
            return SlidingSeed(
                key: bound.cell, shape: .hour, orgUID: org.uid, subject: countedSubject(of: bound, orgUID: org.uid),
                meter: bound.quantity.meter, isPerModel: bound.perModel)
        }
    }
}

extension CellTable {
    /// Takes the ledger's sums of sliding windows; what is counted here already is never lowered.
    package mutating func load(sliding counts: [SlidingCount], now: Instant) {
        for count in counts where count.amount > 0 {
            var key = count.seed.key
            if count.seed.isPerModel { key.model = StableHash.of(count.model ?? "") }
            let place = rings.place(of: key) ?? insertRing(count.seed.shape, for: key, now: now)
            rings.counters[Int(place)].advance(to: now)
            rings.counters[Int(place)].load(count.amount, at: count.at)
        }
    }
}
