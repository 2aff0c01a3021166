internal import Policy
internal import Spec
internal import Store

/// Loads what was spent of budgets and quotas from the ledger.
enum CellSeeds {
    /// The sums of all counters of `snapshot` for which `isWanted`, in their windows around `now`.
    ///
    /// Counters per requested name are left out: the ledger knows the model that answered, not always the name.
    static func load(
        _ connection: Connection, _ snapshot: Snapshot, now: Instant, where isWanted: (DurableSeed) -> Bool
    ) throws -> [(orgUID: String, cell: SpentCell)] {
        let wanted = snapshot.durableSeeds(now: now).filter { !$0.isPerModel && isWanted($0) }
        guard !wanted.isEmpty else { return [] }
        let seeds = wanted.map { $0.cellSeed(in: snapshot) }
        let amounts = try connection.transaction { try Cells.load($0, seeds) }
        return zip(wanted, seeds).compactMap { durable, seed in
            amounts[seed.id].map {
                (durable.orgUID, SpentCell(cell: durable.cell, windowStart: durable.window.start, amount: $0))
            }
        }
    }
}

extension DurableSeed {
    fileprivate func cellSeed(in snapshot: Snapshot) -> CellSeed {
        var counted = UsageSubject(orgUID: orgUID)
        switch subject {
        case .organization: break
        case .project(let uid): counted.projectUID = uid
        case .member(let uid): counted.memberUID = uid
        case .key(let uid): counted.keyUID = uid
        }
        counted.models = models.map { $0.names(in: snapshot) }
        let end = window.end == CalendarWindow.never ? CellSeed.endOfTime : window.end
        let meter: CellMeter =
            switch cell.meter {
            case .usd: .usd
            case .tokens: .tokens
            case .requests: .requests
            }
        return CellSeed(
            id: CellID(uid: cell.uid, meter: meter, window: cell.window, windowStart: window.start),
            windowEnd: end, subject: counted)
    }
}

extension ModelPattern {
    /// The same models as globs over `provider/model`.
    fileprivate func names(in snapshot: Snapshot) -> [String] {
        switch self {
        case .name(let glob): [glob]
        case .label(let key, let value): snapshot.models.filter { $0.labels[key] == value }.map(\.qualifiedName)
        }
    }
}
