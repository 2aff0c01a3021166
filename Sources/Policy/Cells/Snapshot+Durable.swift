package import Spec

/// Whose usage a counter counts.
package enum CountedSubject: Hashable, Sendable {
    case organization(uid: String)
    case project(uid: String)
    case member(uid: String)
    case key(uid: String)
    /// All keys of the organization that carry it.
    case tag(Tag, orgUID: String)
    /// All keys that were ever minted in it.
    case pool(uid: String)

    // Which of its uids narrow the usage of the organization; nil for those that do not.
    package var projectUID: String? { if case .project(let uid) = self { uid } else { nil } }
    package var memberUID: String? { if case .member(let uid) = self { uid } else { nil } }
    package var keyUID: String? { if case .key(let uid) = self { uid } else { nil } }
    package var poolUID: String? { if case .pool(let uid) = self { uid } else { nil } }
    package var tag: Tag? { if case .tag(let tag, _) = self { tag } else { nil } }
}

/// A counter to load from the ledger, with the usage that belongs to it.
package struct DurableSeed: Sendable {
    /// With `isPerModel`, the counter of no model in particular.
    package var cell: DurableCell
    package var window: CalendarWindow
    package var org: String
    package var orgUID: String
    package var subject: CountedSubject
    /// Only usage of these models, or asked for by these names, counts; globs over both; nil for all.
    package var models: [String]?
    /// Whether there is one counter for every name that was asked for, `cell` with that name as its `model`.
    package var isPerModel: Bool
}

extension Snapshot {
    /// Every counter over a calendar's window that the ledger keeps a sum of, in its window around `now`; so many at a time at
    /// most, as those of all keys would be tens of megabytes at once.
    package func forEachDurableSeeds(_ count: Int, now: Instant, _ body: ([DurableSeed]) throws -> Void) rethrows {
        var batch: [DurableSeed] = []
        batch.reserveCapacity(count)
        try forEachDistinctBound { bound, org in
            guard let seed = durableSeed(of: bound, org, now: now) else { return }
            batch.append(seed)
            guard batch.count == count else { return }
            try body(batch)
            batch.removeAll(keepingCapacity: true)
        }
        if !batch.isEmpty { try body(batch) }
    }

    private func durableSeed(of bound: Bound, _ org: CompiledOrg, now: Instant) -> DurableSeed? {
        guard case .calendar(let window, let zone) = bound.counting, isSummed(bound) else { return nil }
        return DurableSeed(
            cell: durableCell(of: bound, model: nil), window: graph.zones[Int(zone)].window(window, starts: bound.starts, around: now),
            org: org.name, orgUID: org.uid, subject: countedSubject(of: bound, orgUID: org.uid),
            models: bound.pattern < 0 ? nil : graph.names(ofPattern: bound.pattern), isPerModel: bound.perModel)
    }

    /// Whether the ledger keeps a sum of it: it keeps none of tags, nor of pools, whose keys come and go.
    func isSummed(_ bound: Bound) -> Bool {
        bound.tag < 0 && (bound.subject < 0 || graph.register.entries[Int(bound.subject)].key.kind != .keyPool)
    }

    /// What `make` gives for the bounds of all keys, each counter once.
    func distinctBounds<Made>(_ make: (Bound, CompiledOrg) -> Made?) -> [Made] {
        var made: [Made] = []
        forEachDistinctBound { bound, org in if let one = make(bound, org) { made.append(one) } }
        return made
    }

    func forEachDistinctBound(_ body: (Bound, CompiledOrg) throws -> Void) rethrows {
        var seen: Set<CellKey> = []
        for key in graph.keys {
            for slot in key.bounds {
                let bound = graph.bounds[Int(graph.boundLists[Int(slot)])]
                if seen.insert(bound.cell).inserted { try body(bound, graph.orgs[Int(key.org)]) }
            }
        }
    }

    func countedSubject(of bound: Bound, orgUID: String) -> CountedSubject {
        if bound.tag >= 0 { return .tag(graph.tags[Int(bound.tag)], orgUID: orgUID) }
        guard bound.subject >= 0 else { return .organization(uid: orgUID) }
        let entry = graph.register.entries[Int(bound.subject)]
        switch entry.key.kind {
        case .project: return .project(uid: entry.uid)
        case .member: return .member(uid: entry.uid)
        case .apiKey: return .key(uid: entry.uid)
        case .keyPool: return .pool(uid: entry.uid)
        default: return .organization(uid: orgUID)
        }
    }

    func durableCell(of bound: Bound, model: String?) -> DurableCell {
        let meter = bound.quantity.meter
        let uid = graph.register.entries[Int(bound.counter)].uid
        guard case .calendar(let window, let zone) = bound.counting else {
            return DurableCell(uid: uid, meter: meter, window: .total, model: model)
        }
        return DurableCell(
            uid: uid, meter: meter, window: window, zone: graph.zones[Int(zone)].name, starts: bound.starts,
            subject: graph.subjectText(of: bound), model: model)
    }
}

extension Bound.Quantity {
    var meter: DurableCell.Meter {
        switch self {
        case .money: .usd
        case .tokens: .tokens
        case .requests, .concurrent: .requests
        }
    }
}

extension Graph {
    /// What a counter's key tells of whose usage counts: nothing where it is all usage of what declares the rule.
    func subjectText(of bound: Bound) -> String {
        if bound.tag >= 0 { return "#" + tags[Int(bound.tag)].text }
        let models = bound.pattern < 0 ? "" : "@" + names(ofPattern: bound.pattern).joined(separator: ",")
        if bound.subject < 0 || bound.subject == bound.counter { return models }
        return register.entries[Int(bound.subject)].uid + models
    }

    /// The same models and routes as globs over `provider/model` and the names of routes.
    func names(ofPattern index: Int32) -> [String] {
        switch patterns[index] {
        case .name(let glob): [glob]
        case .label(let key, let value): models.filter { $0.labels[key] == value }.map(\.qualifiedName)
        }
    }
}

extension Claim {
    func durableCell(of bound: Bound) -> DurableCell {
        let name = bound.perModel ? grant.requested.map { snapshot.graph.name(of: $0) } : nil
        return snapshot.durableCell(of: bound, model: name)
    }
}
