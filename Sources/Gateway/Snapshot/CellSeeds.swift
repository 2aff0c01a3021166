internal import Policy
internal import Spec
internal import Store

/// Loads what was spent of budgets and quotas from the ledger.
enum CellSeeds {
    /// Hands over the sums of all counters of `snapshot` for which `isWanted`, in their windows around `now`, some at a time.
    static func load(
        _ connection: Connection, _ snapshot: Snapshot, now: Instant, where isWanted: (DurableSeed) -> Bool,
        _ take: ([(orgUID: String, cell: SpentCell)]) -> Void
    ) throws {
        try snapshot.forEachDurableSeeds(batch, now: now) { seeds in
            let wanted = seeds.filter(isWanted)
            if !wanted.isEmpty { take(try load(connection, wanted)) }
        }
    }

    /// About a megabyte of statement and answer.
    static let batch = 1_000

    private static func load(_ connection: Connection, _ wanted: [DurableSeed]) throws -> [(orgUID: String, cell: SpentCell)] {
        let seeds = wanted.map(\.cellSeed)
        let sums = try connection.transaction { try Cells.load($0, seeds) }
        let places = Dictionary(grouping: wanted.indices) { seeds[$0].id }
        var spent: [(orgUID: String, cell: SpentCell)] = []
        for (id, sum) in sums {
            let isNamed = places[id] == nil
            // The sum over all names is none that a request is held against.
            for place in places[isNamed ? id.named(CellID.everyName) : id] ?? [] where wanted[place].isPerModel == isNamed {
                var cell = wanted[place].cell
                if isNamed { cell.model = id.model }
                let known = SpentCell(
                    cell: cell, windowStart: wanted[place].window.start, amount: sum.amount, corrected: sum.corrected)
                spent.append((wanted[place].orgUID, known))
            }
        }
        return spent
    }
}

extension DurableSeed {
    fileprivate var windowEnd: Instant { window.end == CalendarWindow.never ? CellSeed.endOfTime : window.end }

    fileprivate var cellSeed: CellSeed {
        // The ledger keeps no sums of tags and of pools: `SpanSeeds` adds them up.
        let counted = UsageSubject(
            orgUID: orgUID, projectUID: subject.projectUID, memberUID: subject.memberUID, keyUID: subject.keyUID, models: models)
        return CellSeed(
            id: CellID(
                uid: cell.uid, meter: cell.meter.inLedger, window: cell.window, windowStart: window.start,
                model: isPerModel ? CellID.everyName : ""),
            windowEnd: windowEnd, subject: counted)
    }
}

extension DurableCell.Meter {
    var inLedger: CellMeter {
        switch self {
        case .usd: .usd
        case .tokens: .tokens
        case .requests: .requests
        }
    }
}
