package import Spec

/// A counter that the ledger keeps no sum of, to be added up where it is new: of a window that rolls, of a tag, or of a pool.
package struct SpanSeed: Hashable, Sendable {
    let key: CellKey
    /// Of a window that rolls.
    let shape: RingShape?
    /// Of a calendar's window, with its beginning.
    let cell: DurableCell?
    package let orgUID: String
    package let subject: CountedSubject
    /// Only usage of these models, or asked for by these names, counts; globs over both; nil for all.
    package let models: [String]?
    package let meter: DurableCell.Meter
    package let window: CalendarWindow
    /// Whether there is one counter for every name that was asked for.
    package let isPerModel: Bool
    /// Milliseconds of each part that is summed apart; nil for the whole window.
    package var part: Int64? { shape?.slotLength }
}

/// What the ledger knows of a part of a counter's window.
package struct SpanSum: Hashable, Sendable {
    package var seed: SpanSeed
    /// The beginning of the part.
    package var from: Instant
    package var amount: Int64
    /// The requested name, where every model has its own counter.
    package var model: String?

    package init(seed: SpanSeed, from: Instant, amount: Int64, model: String? = nil) {
        self.seed = seed
        self.from = from
        self.amount = amount
        self.model = model
    }
}

extension Snapshot {
    /// Every rolling budget, every budget for a tag and what counts the keys of a pool over a calendar's window, but those that
    /// `known` has too.
    package func spanSeeds(now: Instant, unlessIn known: Snapshot? = nil) -> [SpanSeed] {
        let known = known.map { Set($0.spanSeeds(now: now).map(\.key)) } ?? []
        return distinctBounds { bound, org in
            guard !known.contains(bound.cell) else { return nil }
            let (window, shape, cell): (CalendarWindow, RingShape?, DurableCell?)
            switch bound.counting {
            case .calendar(let sort, let zone) where !isSummed(bound):
                window = graph.zones[Int(zone)].window(sort, starts: bound.starts, around: now)
                (shape, cell) = (nil, durableCell(of: bound, model: nil))
            case .ring(let ring) where bound.isBudget:
                window = ring.window(around: now)
                (shape, cell) = (ring, nil)
            case .gauge, .calendar, .ring: return nil
            }
            return SpanSeed(
                key: bound.cell, shape: shape, cell: cell, orgUID: org.uid,
                subject: countedSubject(of: bound, orgUID: org.uid),
                models: bound.pattern < 0 ? nil : graph.names(ofPattern: bound.pattern), meter: bound.quantity.meter,
                window: window, isPerModel: bound.perModel)
        }
    }
}

extension RingShape {
    /// From the beginning of the oldest slot to the end of the newest.
    func window(around now: Instant) -> CalendarWindow {
        let end = (now.milliseconds.dividedDown(by: slotLength) + 1) * slotLength
        return CalendarWindow(
            start: Instant(milliseconds: end - Int64(slots) * slotLength), end: Instant(milliseconds: end))
    }
}

extension CellTable {
    /// Takes the ledger's sums; what is counted here already is never lowered.
    package mutating func load(spans sums: [SpanSum], now: Instant) {
        for sum in sums where sum.amount > 0 {
            if var cell = sum.seed.cell {
                cell.model = sum.model
                load(spent: [SpentCell(cell: cell, windowStart: sum.seed.window.start, amount: sum.amount)], now: now)
            } else if let shape = sum.seed.shape {
                let place = rings.place(of: sum.seed.key) ?? insertRing(shape, for: sum.seed.key, now: now)
                rings.counters[Int(place)].advance(to: now)
                rings.counters[Int(place)].load(sum.amount, at: sum.from)
            }
        }
    }
}
