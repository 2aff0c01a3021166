internal import Policy
internal import Spec
internal import Store

/// Loads what was spent of budgets and quotas from the ledger.
enum CellSeeds {
    /// The sums of all counters of `snapshot` for which `isWanted`, in their windows around `now`.
    static func load(
        _ connection: Connection, _ snapshot: Snapshot, now: Instant, where isWanted: (DurableSeed) -> Bool
    ) throws -> [(orgUID: String, cell: SpentCell)] {
        let all = snapshot.durableSeeds(now: now).filter(isWanted)
        let wanted = all.filter { $0.pool == nil }
        return try ofPools(all, connection) + ofCells(wanted, connection)
    }

    /// A pool's keys come and go, so its sums have no cell and are made from the ledger's rows each time.
    private static func ofPools(_ seeds: [DurableSeed], _ connection: Connection) throws -> [(orgUID: String, cell: SpentCell)] {
        try seeds.compactMap { seed in
            guard let pool = seed.pool, !seed.isPerModel else { return nil }
            let sum = try connection.transaction { transaction in
                try PoolUsage.sum(transaction, orgUID: seed.orgUID, poolUID: pool, from: seed.window.start, to: seed.windowEnd)
            }
            let amount =
                switch seed.cell.meter {
                case .usd: sum.cost.rawValue
                case .tokens: sum.tokens
                case .requests: sum.requests
                }
            return (seed.orgUID, SpentCell(cell: seed.cell, windowStart: seed.window.start, amount: amount))
        }
    }

    private static func ofCells(
        _ wanted: [DurableSeed], _ connection: Connection
    ) throws -> [(orgUID: String, cell: SpentCell)] {
        guard !wanted.isEmpty else { return [] }
        let seeds = wanted.map(\.cellSeed)
        let amounts = try connection.transaction { try Cells.load($0, seeds) }
        let places = Dictionary(grouping: wanted.indices) { seeds[$0].id }
        var spent: [(orgUID: String, cell: SpentCell)] = []
        for (id, amount) in amounts {
            let isNamed = places[id] == nil
            // The sum over all names is none that a request is held against.
            for place in places[isNamed ? id.named(CellID.everyName) : id] ?? [] where wanted[place].isPerModel == isNamed {
                var cell = wanted[place].cell
                if isNamed { cell.model = id.model }
                spent.append((wanted[place].orgUID, SpentCell(cell: cell, windowStart: wanted[place].window.start, amount: amount)))
            }
        }
        return spent
    }
}

extension DurableSeed {
    /// The uid of the pool whose usage counts.
    var pool: String? { if case .pool(let uid) = subject { uid } else { nil } }

    fileprivate var windowEnd: Instant { window.end == CalendarWindow.never ? CellSeed.endOfTime : window.end }

    fileprivate var cellSeed: CellSeed {
        var counted = UsageSubject(orgUID: orgUID)
        switch subject {
        case .organization, .pool: break
        case .project(let uid): counted.projectUID = uid
        case .member(let uid): counted.memberUID = uid
        case .key(let uid): counted.keyUID = uid
        // The ledger keeps no sums of tags: `SpanSeeds` adds them up.
        case .tag: break
        }
        counted.models = models
        let meter: CellMeter =
            switch cell.meter {
            case .usd: .usd
            case .tokens: .tokens
            case .requests: .requests
            }
        return CellSeed(
            id: CellID(
                uid: cell.uid, meter: meter, window: cell.window, windowStart: window.start,
                model: isPerModel ? CellID.everyName : ""),
            windowEnd: windowEnd, subject: counted)
    }
}
