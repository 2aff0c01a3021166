package import Spec

/// A counter to load from the ledger, with the usage that belongs to it.
package struct DurableSeed: Sendable {
    /// Whose usage counts.
    package enum Subject: Hashable, Sendable {
        case organization(uid: String)
        case project(uid: String)
        case member(uid: String)
        case key(uid: String)
    }

    package var cell: DurableCell
    package var window: CalendarWindow
    package var org: String
    package var orgUID: String
    package var subject: Subject
    /// Only usage of these models, or asked for by these names, counts; nil for all.
    package var models: ModelPattern?
    /// Whether there is one counter for every name that was asked for, `cell` with that name as its `model`.
    package var isPerModel: Bool
}

extension Snapshot {
    /// Every counter that outlives a process, in its window around `now`.
    package func durableSeeds(now: Instant) -> [DurableSeed] {
        var seen: Set<CellKey> = []
        return graph.keys.flatMap { key in
            key.bounds.compactMap { slot in
                let bound = graph.bounds[Int(graph.boundLists[Int(slot)])]
                guard case .calendar(let window, let zone) = bound.counting, seen.insert(bound.cell).inserted else {
                    return nil
                }
                let org = graph.orgs[Int(key.org)]
                return DurableSeed(
                    cell: durableCell(of: bound, model: nil),
                    window: graph.zones[Int(zone)].window(window, around: now), org: org.name, orgUID: org.uid,
                    subject: subject(of: bound, orgUID: org.uid),
                    models: bound.pattern < 0 ? nil : graph.patterns[bound.pattern], isPerModel: bound.perModel)
            }
        }
    }

    private func subject(of bound: Bound, orgUID: String) -> DurableSeed.Subject {
        guard bound.subject >= 0 else { return .organization(uid: orgUID) }
        let entry = graph.register.entries[Int(bound.subject)]
        switch entry.key.kind {
        case .project: return .project(uid: entry.uid)
        case .member: return .member(uid: entry.uid)
        case .apiKey: return .key(uid: entry.uid)
        default: return .organization(uid: orgUID)
        }
    }

    fileprivate func durableCell(of bound: Bound, model: String?) -> DurableCell {
        let meter: DurableCell.Meter =
            switch bound.quantity {
            case .money: .usd
            case .tokens: .tokens
            case .requests, .concurrent: .requests
            }
        let uid = graph.register.entries[Int(bound.counter)].uid
        guard case .calendar(let window, let zone) = bound.counting else {
            return DurableCell(uid: uid, meter: meter, window: .total, model: model)
        }
        return DurableCell(uid: uid, meter: meter, window: window, zone: graph.zones[Int(zone)].name, model: model)
    }
}

extension Claim {
    func durableCell(of bound: Bound) -> DurableCell {
        let name = bound.perModel ? grant.requested.map { snapshot.graph.name(of: $0) } : nil
        return snapshot.durableCell(of: bound, model: name)
    }
}
