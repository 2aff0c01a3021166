package import Spec

/// What happens between requests: loading from the ledger and forgetting what is over.
extension CellTable {
    /// Takes the ledger's sums, as at a start or when a commit brings a budget.
    ///
    /// Sums of windows other than the present are ignored. With `charged`, which tells exactly what the sums hold, they stand for all
    /// charges up to that generation; without, what is counted here already is lowered by corrections of prices alone. Returns how many
    /// were taken.
    @discardableResult
    package mutating func load(spent cells: [SpentCell], now: Instant, upTo charged: ChargeGeneration? = nil) -> Int {
        cells.count { cell in load(cell, now: now, charged) }
    }

    private mutating func load(_ spent: SpentCell, now: Instant, _ charged: ChargeGeneration?) -> Bool {
        let key = spent.cell.key
        guard let place = accounts.place(of: key) ?? insert(spent.cell, key, now: now) else { return false }
        accounts.counters[Int(place)].advance(to: now)
        return accounts.counters[Int(place)].load(spent.amount, corrected: spent.corrected, start: spent.windowStart, upTo: charged)
    }

    mutating func insert(_ cell: DurableCell, _ key: CellKey, now: Instant) -> Int32? {
        Zone(name: cell.zone).map { accounts.insert(Account(cell: cell, zone: $0, now: now), for: key) }
    }

    /// Whether the counter exists, so that the ledger need not be asked for it.
    package func holds(_ cell: DurableCell) -> Bool { accounts.place(of: cell.key) != nil }

    /// How a counter stands in its present window; nil where there is none.
    package func balance(of cell: DurableCell) -> Balance? {
        accounts.place(of: cell.key).map { place in
            let account = accounts.counters[Int(place)]
            return Balance(
                spent: account.spent, held: account.held, credit: account.credit, hasRefused: account.hasRefused,
                window: account.window)
        }
    }

    /// Forgets counters that count nothing, looking at so many of each sort; call it now and then.
    package mutating func sweep(now: Instant, visits: Int = Self.sweepVisits) {
        rings.sweep(visits: visits) { ring in
            ring.advance(to: now)
            return ring.isIdle
        }
        accounts.sweep(visits: visits) { $0.isIdle(at: now) }
        gauges.sweep(visits: visits) { $0 == 0 }
    }

    /// A few microseconds of work.
    package static let sweepVisits = 64
}
